/* Where does CPython keep what the public API does not tell cheaply: the running frame, its
 * variables, its last instruction?
 *
 * This is the one place that names CPython's internals. Checked against 3.11.7, 3.12.1, 3.13.0,
 * 3.13.15, 3.14.8 and 3.15.0; `hs_check_internals` (frames.c) compares all of it with the public
 * API on a live frame before the module lets itself be loaded. */
#ifndef HINDSIGHT_INTERNALS_H
#define HINDSIGHT_INTERNALS_H

#ifndef Py_BUILD_CORE
#define Py_BUILD_CORE 1
#endif
#include <Python.h>
#if PY_VERSION_HEX < 0x030B0000 || PY_VERSION_HEX >= 0x03100000
#error "the native recorder is for CPython 3.11 to 3.15"
#endif
#ifdef Py_GIL_DISABLED
#error "the native recorder needs the GIL"
#endif

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#endif
#include <internal/pycore_code.h>
#include <internal/pycore_dict.h>
#include <internal/pycore_frame.h>
#include <internal/pycore_object.h>
#if PY_VERSION_HEX >= 0x030E0000
#include <internal/pycore_interpframe.h>
#include <internal/pycore_stackref.h>
#endif
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

typedef struct _PyInterpreterFrame HsFrame;

static inline HsFrame *
hs_current_frame(PyThreadState *thread)
{
#if PY_VERSION_HEX >= 0x030D0000
    return thread->current_frame;
#else
    return thread->cframe->current_frame;
#endif
}

/* What `threading.get_ident` tells in this thread. */
static inline unsigned long
hs_thread_ident(PyThreadState *thread)
{
    return thread->thread_id;
}

/* Can no collection begin when an object is made? From 3.12 on they begin between two instructions. */
static inline int
hs_alloc_is_quiet(void)
{
    return PY_VERSION_HEX >= 0x030C0000;
}

/* Lets this thread go `more` calls deeper (or less deep again) before the interpreter raises
 * RecursionError. `sys.setrecursionlimit` keeps the difference. */
static inline void
hs_add_room(PyThreadState *thread, int more)
{
#if PY_VERSION_HEX >= 0x030C0000
    thread->py_recursion_remaining += more;
#else
    thread->recursion_remaining += more;
#endif
#if PY_VERSION_HEX >= 0x030C0000 && PY_VERSION_HEX < 0x030E0000
    thread->c_recursion_remaining += more;
#endif
}

/* The extra slots of a code object (codeobject.c's _PyCodeObjectExtra). */
typedef struct {
    Py_ssize_t count;
    void *at[1];
} HsCodeExtra;

/* What PyUnstable_Code_GetExtra tells, without the call. */
static inline void *
hs_code_extra(PyCodeObject *code, Py_ssize_t index)
{
    HsCodeExtra *extra = (HsCodeExtra *)code->co_extra;
    /* An index that has not been asked for is -1: a large number. */
    return extra != NULL && (size_t)index < (size_t)extra->count ? extra->at[index] : NULL;
}

/* The frame behind a frame object. */
static inline HsFrame *
hs_frame_of(PyFrameObject *object)
{
    return object->f_frame;
}

/* The code of a generator, coroutine or async generator: a new reference. */
static inline PyObject *
hs_generator_code(PyObject *generator)
{
#if PY_VERSION_HEX >= 0x030C0000
    return (PyObject *)PyGen_GetCode((PyGenObject *)generator);
#else
    return Py_NewRef(((PyGenObject *)generator)->gi_code);
#endif
}

/* The frame of a generator, coroutine or async generator that has not begun to run; else NULL. */
static inline HsFrame *
hs_unstarted_frame(PyObject *generator)
{
    PyGenObject *object = (PyGenObject *)generator;
    return object->gi_frame_state == FRAME_CREATED ? (HsFrame *)(void *)&object->gi_iframe : NULL;
}

/* Borrowed. Only of a frame that `hs_is_complete`. */
static inline PyCodeObject *
hs_frame_code(HsFrame *frame)
{
#if PY_VERSION_HEX >= 0x030E0000
    return (PyCodeObject *)PyStackRef_AsPyObjectBorrow(frame->f_executable);
#elif PY_VERSION_HEX >= 0x030D0000
    return (PyCodeObject *)frame->f_executable;
#else
    return frame->f_code;
#endif
}

/* The last instruction, in code units: `f_lasti` / 2. */
static inline int
hs_frame_lasti(HsFrame *frame)
{
    _Py_CODEUNIT *first = (_Py_CODEUNIT *)hs_frame_code(frame)->co_code_adaptive;
#if PY_VERSION_HEX >= 0x030D0000
    return (int)(frame->instr_ptr - first);
#else
    return (int)(frame->prev_instr - first);
#endif
}

/* False for the interpreter's own frames and for those that have not begun: `f_back` passes them
 * over. */
static inline int
hs_is_complete(HsFrame *frame)
{
#if PY_VERSION_HEX >= 0x030E0000
    if (frame->owner >= FRAME_OWNED_BY_INTERPRETER) {
        return 0;
    }
#elif PY_VERSION_HEX >= 0x030C0000
    if (frame->owner == FRAME_OWNED_BY_CSTACK) {
        return 0;
    }
#endif
    return frame->owner == FRAME_OWNED_BY_GENERATOR
           || hs_frame_lasti(frame) >= hs_frame_code(frame)->_co_firsttraceable;
}

/* `f_back`, without making a frame object; NULL at the outermost. */
static inline HsFrame *
hs_frame_back(HsFrame *frame)
{
    HsFrame *back = frame->previous;
    while (back != NULL && !hs_is_complete(back)) {
        back = back->previous;
    }
    return back;
}

/* What a slot holds: an object, a cell for cell and free variables, NULL. Borrowed. */
static inline PyObject *
hs_frame_slot(HsFrame *frame, int slot)
{
#if PY_VERSION_HEX >= 0x030E0000
    _PyStackRef found = frame->localsplus[slot];
    return PyStackRef_IsNull(found) ? NULL : PyStackRef_AsPyObjectBorrow(found);
#else
    return frame->localsplus[slot];
#endif
}

/* Borrowed. */
static inline PyObject *
hs_frame_globals(HsFrame *frame)
{
    return frame->f_globals;
}

/* The dict that `locals()` has given in a function, which each such call fills anew; NULL when there
 * is none, and from 3.13 on (PEP 667). Borrowed. */
static inline PyObject *
hs_filled_locals(HsFrame *frame)
{
#if PY_VERSION_HEX >= 0x030D0000
    (void)frame;
    return NULL;
#else
    return frame->f_locals;
#endif
}

/* Number of slots, and the kind of each: CO_FAST_LOCAL, CO_FAST_CELL, CO_FAST_FREE, CO_FAST_HIDDEN. */
static inline int
hs_code_slots(PyCodeObject *code)
{
    return code->co_nlocalsplus;
}

static inline int
hs_code_slot_kind(PyCodeObject *code, int slot)
{
    return (unsigned char)PyBytes_AS_STRING(code->co_localspluskinds)[slot];
}

static inline PyObject *
hs_code_slot_name(PyCodeObject *code, int slot)
{
    return PyTuple_GET_ITEM(code->co_localsplusnames, slot);
}

/* ---- Attributes of instances (dictobject.c, "inline values") ---- */

/* The attributes of an instance that stand in the instance itself; NULL when they are in a dict, or
 * when such instances never have any. From 3.13 on a dict may share them. */
static inline PyDictValues *
hs_inline_values(PyObject *object, PyTypeObject *type)
{
#if PY_VERSION_HEX >= 0x030D0000
    if ((type->tp_flags & Py_TPFLAGS_INLINE_VALUES) == 0) {
        return NULL;
    }
    PyDictValues *values = _PyObject_InlineValues(object);
    return values->valid ? values : NULL;
#elif PY_VERSION_HEX >= 0x030C0000
    if ((type->tp_flags & Py_TPFLAGS_MANAGED_DICT) == 0) {
        return NULL;
    }
    PyDictOrValues place = *_PyObject_DictOrValuesPointer(object);
    return _PyDictOrValues_IsValues(place) ? _PyDictOrValues_GetValues(place) : NULL;
#else
    return (type->tp_flags & Py_TPFLAGS_MANAGED_DICT) != 0 ? *_PyObject_ValuesPointer(object)
                                                            : NULL;
#endif
}

/* The dict of an instance of a type with Py_TPFLAGS_MANAGED_DICT, if it has been made: borrowed. */
static inline PyObject *
hs_made_dict(PyObject *object)
{
#if PY_VERSION_HEX >= 0x030D0000
    return (PyObject *)_PyObject_ManagedDictPointer(object)->dict;
#elif PY_VERSION_HEX >= 0x030C0000
    PyDictOrValues place = *_PyObject_DictOrValuesPointer(object);
    return _PyDictOrValues_IsValues(place) ? NULL : _PyDictOrValues_GetDict(place);
#else
    return *_PyObject_ManagedDictPointer(object);
#endif
}

/* The names of inline values, by their index. */
static inline PyDictKeysObject *
hs_inline_names(PyTypeObject *type)
{
    return ((PyHeapTypeObject *)type)->ht_cached_keys;
}

/* How many inline values an instance has, and the index of each in the order of a dict. */
static inline int
hs_inline_count(PyDictValues *values)
{
#if PY_VERSION_HEX >= 0x030D0000
    return values->size;
#else
    return ((uint8_t *)values)[-2];
#endif
}

static inline int
hs_inline_index(PyDictValues *values, int place)
{
#if PY_VERSION_HEX >= 0x030D0000
    return get_insertion_order_array(values)[place];
#else
    return ((uint8_t *)values)[-3 - place];
#endif
}

/* Does a dict share its names with others? Each dict of an instance begins so. */
static inline int
hs_is_split(PyObject *dict)
{
    return ((PyDictObject *)dict)->ma_values != NULL;
}

/* The values of such a dict: those of the instance itself, or its own. */
static inline PyDictValues *
hs_split_values(PyObject *dict)
{
    return ((PyDictObject *)dict)->ma_values;
}

/* The pair that was put into a dict last: 1 found, 0 not. Borrowed. */
static inline int
hs_last_pair(PyObject *dict, PyObject **key, PyObject **value)
{
    PyDictKeysObject *keys = ((PyDictObject *)dict)->ma_keys;
    Py_ssize_t place = keys->dk_nentries - 1;
    if (((PyDictObject *)dict)->ma_values != NULL || place < 0) {
        return 0;
    }
    if (keys->dk_kind == DICT_KEYS_GENERAL) {
        *key = DK_ENTRIES(keys)[place].me_key;
        *value = DK_ENTRIES(keys)[place].me_value;
    }
    else {
        *key = DK_UNICODE_ENTRIES(keys)[place].me_key;
        *value = DK_UNICODE_ENTRIES(keys)[place].me_value;
    }
    return *value != NULL;
}

/* ---- Numbers and texts ---- */

/* 1 and the number when it is an exact int that fits in one digit. */
static inline int
hs_small_int(PyObject *value, Py_ssize_t *number)
{
    if (!PyLong_CheckExact(value)) {
        return 0;
    }
#if PY_VERSION_HEX >= 0x030C0000
    if (!PyUnstable_Long_IsCompact((PyLongObject *)value)) {
        return 0;
    }
    *number = PyUnstable_Long_CompactValue((PyLongObject *)value);
    return 1;
#else
    Py_ssize_t size = Py_SIZE(value);
    if (size < -1 || size > 1) {
        return 0;
    }
    *number = size * (Py_ssize_t)((PyLongObject *)value)->ob_digit[0];
    return 1;
#endif
}

/* Are two objects the same number, exact ints of one digit? */
static inline int
hs_same_small_int(PyObject *one, PyObject *other)
{
    Py_ssize_t first, second;
    return hs_small_int(one, &first) && hs_small_int(other, &second) && first == second;
}

/* Are two objects the same text, exact strs? */
static inline int
hs_same_text(PyObject *one, PyObject *other)
{
    if (!PyUnicode_CheckExact(one) || !PyUnicode_CheckExact(other)
        || PyUnicode_GET_LENGTH(one) != PyUnicode_GET_LENGTH(other)
        || PyUnicode_KIND(one) != PyUnicode_KIND(other)) {
        return 0;
    }
    return memcmp(PyUnicode_DATA(one), PyUnicode_DATA(other),
                  (size_t)PyUnicode_GET_LENGTH(one) * (size_t)PyUnicode_KIND(one))
           == 0;
}

/* ---- Keys of dicts that have only str as keys ---- */

static inline PyDictKeysObject *
hs_dict_keys(PyObject *dict)
{
    return ((PyDictObject *)dict)->ma_keys;
}

/* A number that no other set of names ever has; 0 when the interpreter has given it none. */
static inline uint32_t
hs_keys_version(PyDictKeysObject *keys)
{
    return keys->dk_version;
}

/* The place of an interned name among keys, -1 when it is not there; -2 when it cannot be told. */
static inline Py_ssize_t
hs_place_of_name(PyDictKeysObject *keys, PyObject *name)
{
    if (keys->dk_kind == DICT_KEYS_GENERAL || !PyUnicode_CHECK_INTERNED(name)) {
        return -2;
    }
    PyDictUnicodeEntry *entries = DK_UNICODE_ENTRIES(keys);
    for (Py_ssize_t place = 0; place < keys->dk_nentries; place++) {
        if (entries[place].me_key == name) {
            return place;
        }
    }
    return -1;
}

/* What a place of the table of hashes says: the number of an entry, or below 0 for none. */
static inline Py_ssize_t
hs_dict_index(PyDictKeysObject *keys, size_t place)
{
    int size = DK_LOG_SIZE(keys);
    if (size < 8) {
        return ((const int8_t *)keys->dk_indices)[place];
    }
    if (size < 16) {
        return ((const int16_t *)keys->dk_indices)[place];
    }
#if SIZEOF_VOID_P > 4
    if (size >= 32) {
        return (Py_ssize_t)((const int64_t *)keys->dk_indices)[place];
    }
#endif
    return ((const int32_t *)keys->dk_indices)[place];
}

/* As PyDict_Next, without a call where the dict keeps its own names. Borrowed. */
static inline int
hs_dict_next(PyObject *dict, Py_ssize_t *at, PyObject **key, PyObject **value)
{
    PyDictKeysObject *keys = ((PyDictObject *)dict)->ma_keys;
    if (((PyDictObject *)dict)->ma_values != NULL) {
        return PyDict_Next(dict, at, key, value);
    }
    int is_general = keys->dk_kind == DICT_KEYS_GENERAL;
    for (Py_ssize_t place = *at; place < keys->dk_nentries; place++) {
        *value = is_general ? DK_ENTRIES(keys)[place].me_value
                            : DK_UNICODE_ENTRIES(keys)[place].me_value;
        if (*value != NULL) {
            *key = is_general ? DK_ENTRIES(keys)[place].me_key
                              : DK_UNICODE_ENTRIES(keys)[place].me_key;
            *at = place + 1;
            return 1;
        }
    }
    return 0;
}

/* The entries of a dict that keeps its own names and has only str as keys, and how many there are:
 * those without a value were deleted. NULL of another dict. */
static inline PyDictUnicodeEntry *
hs_dict_texts(PyObject *dict, Py_ssize_t *count)
{
    PyDictKeysObject *keys = ((PyDictObject *)dict)->ma_keys;
    if (((PyDictObject *)dict)->ma_values != NULL || keys->dk_kind == DICT_KEYS_GENERAL) {
        return NULL;
    }
    *count = keys->dk_nentries;
    return DK_UNICODE_ENTRIES(keys);
}

/* A number that changes with each change of a dict, and that no two dicts ever have; 0 where the
 * interpreter keeps none. */
static inline uint64_t
hs_dict_version(PyObject *dict)
{
#if PY_VERSION_HEX >= 0x030D0000
    (void)dict;
    return 0;
#else
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#endif
    return ((PyDictObject *)dict)->ma_version_tag;
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
#endif
}

/* How many entries of deleted pairs a dict still has. */
static inline Py_ssize_t
hs_dict_gaps(PyObject *dict)
{
    return ((PyDictObject *)dict)->ma_keys->dk_nentries - PyDict_GET_SIZE(dict);
}

/* Are all keys of a dict that is not split exact str? */
static inline int
hs_has_text_keys(PyObject *dict)
{
    return ((PyDictObject *)dict)->ma_keys->dk_kind != DICT_KEYS_GENERAL;
}

/* The number of the entry of a key that is an exact str or a small exact int, and what it holds:
 * borrowed. -1 when there is none or when it cannot be told. Looks as dictobject.c does, but runs
 * no code: of other keys only identity counts. */
static inline Py_ssize_t
hs_dict_entry(PyObject *dict, PyObject *key, PyObject **own_key, PyObject **value)
{
    enum { PERTURB = 5, EMPTY = -1 };
    PyDictKeysObject *keys = ((PyDictObject *)dict)->ma_keys;
    if (((PyDictObject *)dict)->ma_values != NULL) {
        return -1;
    }
    Py_hash_t hash = PyObject_Hash(key);
    size_t mask = ((size_t)1 << DK_LOG_SIZE(keys)) - 1, perturb = (size_t)hash;
    size_t at = (size_t)hash & mask;
    int is_text = PyUnicode_CheckExact(key), is_general = keys->dk_kind == DICT_KEYS_GENERAL;
    for (;;) {
        Py_ssize_t place = hs_dict_index(keys, at);
        if (place == EMPTY) {
            return -1;
        }
        if (place >= 0) {
            PyObject *found = is_general ? DK_ENTRIES(keys)[place].me_key
                                         : DK_UNICODE_ENTRIES(keys)[place].me_key;
            if (found == key || (is_text && hs_same_text(found, key))
                || (!is_text && hs_same_small_int(found, key))) {
                *own_key = found;
                *value = is_general ? DK_ENTRIES(keys)[place].me_value
                                    : DK_UNICODE_ENTRIES(keys)[place].me_value;
                return *value == NULL ? -1 : place;
            }
        }
        perturb >>= PERTURB;
        at = (at * 5 + perturb + 1) & mask;
    }
}

#define HS_SLOT_IS_CELL (CO_FAST_CELL | CO_FAST_FREE)

#endif
