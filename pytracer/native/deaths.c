/* How does the recorder learn at once that an object has died which takes no weak reference, or
 * that it would not like to give one (the program can count them)?
 *
 * The types that end most objects of a program have their `tp_dealloc` replaced: it says that the
 * address is free and goes on to the type's own. So no reference of ours keeps such an object, and
 * it dies when it would without us. Instances of Python classes end in that of `object` (or of the
 * builtin type that they derive from), by `subtype_dealloc`. Builtin exceptions have their
 * `tp_free` replaced instead, where all of their deallocators end. */
#include "places.h"

/* The one table that is told; others have weak references and pins. */
static HsObjects *told;
static PyInterpreterState *home;

void
hs_tell_dead(HsObjects *objects, HsEntry *entry)
{
    PyObject *type, *error, *traceback;
    if (PyList_GET_SIZE(objects->dead) == ((PyListObject *)objects->dead)->allocated) {
        /* It may fail, and whoever lets go of an object may have an exception at hand. */
        PyErr_Fetch(&type, &error, &traceback);
        if (PyList_Append(objects->dead, (PyObject *)entry) < 0) {
            PyErr_Clear();
        }
        PyErr_Restore(type, error, traceback);
    }
    else {
        PyList_Append(objects->dead, (PyObject *)entry);
    }
    Py_XDECREF(hs_map_pop((HsIdMap *)objects->by_id, (void *)(uintptr_t)entry->key));
}

static inline void
note(PyObject *op)
{
    /* The newest interpreter is the first: without others nothing has to be asked of the thread. */
    if (told == NULL || (PyInterpreterState_Head() != home && PyInterpreterState_Get() != home)) {
        return;
    }
    HsEntry *entry = (HsEntry *)hs_map_get((HsIdMap *)told->by_id, op);
    if (entry != NULL && entry->told) {
        hs_tell_dead(told, entry);
    }
}

/* ---- The deallocators ---- */

enum { LIST, TUPLE, DICT, SET, FROZENSET, OBJECT, CELL, FUNCTION, METHOD, RANGE, SLICE, BYTEARRAY,
       REFERENCE, PROXY, CALLABLE_PROXY, HOOKS };
static destructor ends[HOOKS];

/* These may nest deeply: the interpreter ends the inner ones later, by the type's `tp_dealloc`. */
#define NESTED(NAME, AT)                                                                          \
    static void NAME(PyObject *op)                                                                \
    {                                                                                             \
        PyObject_GC_UnTrack(op);                                                                  \
        note(op);                                                                                 \
        Py_TRASHCAN_BEGIN(op, NAME)                                                               \
        ends[AT](op);                                                                             \
        Py_TRASHCAN_END                                                                           \
    }
#define SIMPLE(NAME, AT)                                                                          \
    static void NAME(PyObject *op)                                                                \
    {                                                                                             \
        note(op);                                                                                 \
        ends[AT](op);                                                                             \
    }

NESTED(end_list, LIST)
NESTED(end_tuple, TUPLE)
NESTED(end_dict, DICT)
NESTED(end_set, SET)
NESTED(end_frozenset, FROZENSET)
SIMPLE(end_object, OBJECT)
SIMPLE(end_cell, CELL)
SIMPLE(end_function, FUNCTION)
SIMPLE(end_method, METHOD)
SIMPLE(end_range, RANGE)
SIMPLE(end_slice, SLICE)
SIMPLE(end_bytearray, BYTEARRAY)
SIMPLE(end_reference, REFERENCE)
SIMPLE(end_proxy, PROXY)
SIMPLE(end_callable_proxy, CALLABLE_PROXY)

static const struct {
    PyTypeObject *type;
    destructor end;
} hooks[HOOKS] = {
    [LIST] = {&PyList_Type, end_list},
    [TUPLE] = {&PyTuple_Type, end_tuple},
    [DICT] = {&PyDict_Type, end_dict},
    [SET] = {&PySet_Type, end_set},
    [FROZENSET] = {&PyFrozenSet_Type, end_frozenset},
    [OBJECT] = {&PyBaseObject_Type, end_object},
    [CELL] = {&PyCell_Type, end_cell},
    [FUNCTION] = {&PyFunction_Type, end_function},
    [METHOD] = {&PyMethod_Type, end_method},
    [RANGE] = {&PyRange_Type, end_range},
    [SLICE] = {&PySlice_Type, end_slice},
    [BYTEARRAY] = {&PyByteArray_Type, end_bytearray},
    /* Held for longer, they would call what plain Python forgets with them. */
    [REFERENCE] = {&_PyWeakref_RefType, end_reference},
    [PROXY] = {&_PyWeakref_ProxyType, end_proxy},
    [CALLABLE_PROXY] = {&_PyWeakref_CallableProxyType, end_callable_proxy},
};

static void
free_exception(void *op)
{
    note(op);
    PyObject_GC_Del(op);
}

/* Replaces `from` in a builtin exception and all that derive from it. All at once: classes are only
 * exchanged in `__bases__` for such with the same `tp_free`. */
static int
replace_free(PyTypeObject *type, freefunc from, freefunc to)
{
    /* MemoryErrors are kept for later use. */
    if (type->tp_free == from && type != (PyTypeObject *)PyExc_MemoryError) {
        type->tp_free = to;
    }
    PyObject *derived = PyObject_CallMethod((PyObject *)type, "__subclasses__", NULL);
    int done = derived == NULL ? -1 : 0;
    for (Py_ssize_t place = 0; done == 0 && place < PyList_GET_SIZE(derived); place++) {
        PyTypeObject *one = (PyTypeObject *)PyList_GET_ITEM(derived, place);
        if (!PyType_HasFeature(one, Py_TPFLAGS_HEAPTYPE)) {
            done = replace_free(one, from, to);
        }
    }
    Py_XDECREF(derived);
    return done;
}

int
hs_tells_death(PyTypeObject *type)
{
    destructor of_classes = hs.entry->tp_dealloc;
    PyTypeObject *base = type;
    while (base->tp_dealloc == of_classes && base->tp_base != NULL) {
        base = base->tp_base;
    }
    for (int at = 0; at < HOOKS; at++) {
        if (base->tp_dealloc == hooks[at].end) {
            return 1;
        }
    }
    return base == type && type->tp_free == free_exception;
}

int
hs_is_told(HsObjects *objects)
{
    return objects == told;
}

int
hs_watch_deaths(HsObjects *objects)
{
    if (told != NULL) {
        return 0;
    }
    if (replace_free((PyTypeObject *)PyExc_BaseException, PyObject_GC_Del, free_exception) < 0) {
        return -1;
    }
    for (int at = 0; at < HOOKS; at++) {
        if (hooks[at].type->tp_dealloc != hooks[at].end) {
            ends[at] = hooks[at].type->tp_dealloc;
            hooks[at].type->tp_dealloc = hooks[at].end;
        }
    }
    home = PyInterpreterState_Get();
    told = objects;
    return 0;
}

void
hs_forget_deaths(HsObjects *objects)
{
    hs_forget_places();
    if (objects != told) {
        return;
    }
    told = NULL;
    for (int at = 0; at < HOOKS; at++) {
        if (hooks[at].type->tp_dealloc == hooks[at].end) {
            hooks[at].type->tp_dealloc = ends[at];
        }
    }
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    if (replace_free((PyTypeObject *)PyExc_BaseException, free_exception, PyObject_GC_Del) < 0) {
        PyErr_Clear();
    }
    PyErr_Restore(type, error, traceback);
}

/* ---- Tuples that are used again ---- */

/* `zip`, `enumerate`, `dict.items` and some of itertools fill the tuple that they gave last anew when
 * nobody else has it any more: for the program it is another one then. */
int
hs_is_same_tuple(HsEntry *entry, PyObject *live)
{
    if (!entry->told || entry->block < 0) {
        /* What we pin is not used again; what was not read yet is new. */
        return 1;
    }
    Py_ssize_t count = entry->items == NULL ? 0 : PyList_GET_SIZE(entry->items);
    if (entry->total != PyTuple_GET_SIZE(live)) {
        return 0;
    }
    for (Py_ssize_t place = 0; place < count; place++) {
        PyObject *known = PyList_GET_ITEM(entry->items, place);
        PyObject *item = PyTuple_GET_ITEM(live, place);
        if (known == item || known == hs.left_out) {
            continue;
        }
        if (!hs_is_entry(known) || !((HsEntry *)known)->mapped
            || ((HsEntry *)known)->key != (uint64_t)(uintptr_t)item) {
            return 0;
        }
    }
    return 1;
}

int
hs_is_still_told(HsIdMap *map, HsEntry *entry)
{
    PyObject *live = (PyObject *)(uintptr_t)entry->key;
    return told == NULL || told->by_id != (PyObject *)map || !entry->told || Py_REFCNT(live) == 0
           || hs_is_still(told, entry, live);
}

int
hs_is_still(HsObjects *objects, HsEntry *entry, PyObject *live)
{
    if (hs_is_same_tuple(entry, live)) {
        return 1;
    }
    hs_tell_dead(objects, entry);
    return 0;
}
