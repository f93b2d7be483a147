/* What does an access path lead to, when that can be seen at a glance?
 *
 * The same answers as hs_follow gives, without references and from what was found out the last time:
 * how a type's attributes are read holds as long as the type has its version, where a name stands
 * in a namespace as long as its keys have theirs. Nothing here runs code or allocates. */
#include "peek.h"

/* ---- Names ---- */

/* A name in a dict whose keys are str: by its place, if that still holds. */
static Peek
peek_in(PyObject *names, PyObject *name, uint32_t *version, Py_ssize_t *place, PyObject **value)
{
    PyDictKeysObject *keys = hs_dict_keys(names);
    uint32_t now = hs_keys_version(keys);
    if (now == 0 || now != *version) {
        Py_ssize_t found = now == 0 ? -2 : hs_place_of_name(keys, name);
        if (found == -2) {
            *value = PyDict_GetItemWithError(names, name);
            if (*value == NULL && PyErr_Occurred()) {
                PyErr_Clear();
                return PEEK_ASK;
            }
            return *value == NULL ? PEEK_NOTHING : PEEK_OBJECT;
        }
        *version = now;
        *place = found;
    }
    if (*place < 0) {
        return PEEK_NOTHING;
    }
    *value = DK_UNICODE_ENTRIES(keys)[*place].me_value;
    return *value == NULL ? PEEK_NOTHING : PEEK_OBJECT;
}

static Peek
peek_global(Path *path, HsFrameState *state, PyObject **value)
{
    Memory *memory = &path->memory;
    if (path->kind == PATH_NAME && hs_is(state->locals) && state->locals != state->globals) {
        return PEEK_ASK;
    }
    if (path->kind != PATH_BUILTIN && hs_is(state->globals)) {
        HsEntry *entry = (HsEntry *)state->globals;
        PyObject *names = (PyObject *)(uintptr_t)entry->key;
        if (!entry->mapped || !PyDict_CheckExact(names)) {
            return PEEK_ASK;
        }
        Peek found = peek_in(names, path->name, &memory->globals_version, &memory->global_place,
                             value);
        if (found != PEEK_NOTHING) {
            return found;
        }
    }
    return peek_in(hs.builtins, path->name, &memory->builtins_version, &memory->builtin_place,
                   value);
}

/* ---- Attributes ---- */

/* The same in a dict; `index` is the number of the entry in which it was last. */
static Peek
peek_in_dict(PyObject *names, PyObject *name, Py_ssize_t *index, PyObject **value)
{
    PyDictKeysObject *keys = hs_dict_keys(names);
    if (*index >= 0 && *index < keys->dk_nentries && !hs_is_split(names)
        && keys->dk_kind != DICT_KEYS_GENERAL && DK_UNICODE_ENTRIES(keys)[*index].me_key == name
        && (*value = DK_UNICODE_ENTRIES(keys)[*index].me_value) != NULL) {
        return PEEK_OBJECT;
    }
    PyObject *own_key;
    Py_ssize_t place = hs_dict_entry(names, name, &own_key, value);
    if (place >= 0) {
        *index = place;
        return PEEK_OBJECT;
    }
    *value = PyDict_GetItemWithError(names, name);
    if (*value == NULL && PyErr_Occurred()) {
        PyErr_Clear();
        return PEEK_ASK;
    }
    return *value == NULL ? PEEK_NOTHING : PEEK_OBJECT;
}

static inline Peek
peek_own(PyObject *owner, PyObject *name, Py_ssize_t *index, PyObject **value)
{
    PyTypeObject *type = Py_TYPE(owner);
    if ((type->tp_flags & Py_TPFLAGS_MANAGED_DICT) == 0) {
        if (type->tp_dictoffset <= 0) {
            return type->tp_dictoffset == 0 ? PEEK_NOTHING : PEEK_ASK;
        }
        /* As exceptions have it. */
        PyObject *names = *(PyObject **)((char *)owner + type->tp_dictoffset);
        return names == NULL              ? PEEK_NOTHING
               : PyDict_CheckExact(names) ? peek_in_dict(names, name, index, value)
                                          : PEEK_ASK;
    }
    PyDictValues *values = hs_inline_values(owner, type);
    if (values == NULL) {
        PyObject *names = hs_made_dict(owner);
        if (names == NULL) {
            return PEEK_NOTHING;
        }
        return PyDict_CheckExact(names) ? peek_in_dict(names, name, index, value) : PEEK_ASK;
    }
    PyDictKeysObject *keys = hs_inline_names(type);
    if (*index < 0 || *index >= keys->dk_nentries
        || DK_UNICODE_ENTRIES(keys)[*index].me_key != name) {
        /* Names are only added to these keys: while there are no more, what was not there is not. */
        if (*index == HS_ABSENT - keys->dk_nentries) {
            return PEEK_NOTHING;
        }
        Py_ssize_t found = hs_place_of_name(keys, name);
        if (found < 0) {
            *index = found == -1 ? HS_ABSENT - keys->dk_nentries : -1;
            return found == -1 ? PEEK_NOTHING : PEEK_ASK;
        }
        *index = found;
    }
    *value = values->values[*index];
    return *value == NULL ? PEEK_NOTHING : PEEK_OBJECT;
}

Peek
hs_peek_own(PyObject *owner, PyObject *name, Py_ssize_t *index, PyObject **value)
{
    return peek_own(owner, name, index, value);
}

/* How is this attribute of such objects read? As object_attribute (access_paths.c) reads it. */
static Reading
find_reading(PyTypeObject *type, PyObject *name, Memory *memory)
{
    if (PyType_IsSubtype(type, &PyType_Type) || type->tp_getattro != PyObject_GenericGetAttr
        || !PyUnicode_CHECK_INTERNED(name)) {
        return READ_ASK;
    }
    PyObject *member = _PyType_Lookup(type, name);
    memory->member = member;
    if (member == NULL) {
        return READ_INSTANCE;
    }
    if (Py_TYPE(member) == &PyGetSetDescr_Type) {
        return READ_ASK;
    }
    if (Py_TYPE(member) == &PyMemberDescr_Type) {
        PyMemberDef *slot = ((PyMemberDescrObject *)member)->d_member;
        memory->offset = slot->offset;
        return slot->type == Py_T_OBJECT_EX && slot->flags == 0
                       && PyType_IsSubtype(type, PyDescr_TYPE(member))
                   ? READ_SLOT
                   : READ_ASK;
    }
    if (Py_TYPE(member)->tp_descr_set == NULL) {
        return hs_is_method(member) || Py_TYPE(member)->tp_descr_get == NULL ? READ_INSTANCE
                                                                          : READ_ASK;
    }
    return Py_TYPE(member)->tp_descr_get == NULL ? READ_ASK : READ_NOTHING;
}

static Peek
peek_attribute(Path *path, PyObject *owner, PyObject **value, PyObject **receiver)
{
    PyTypeObject *type = Py_TYPE(owner);
    Memory *memory = &path->memory;
    if (type == &PyModule_Type) {
        return peek_in(PyModule_GetDict(owner), path->name, &memory->globals_version,
                       &memory->global_place, value);
    }
    if (memory->type != type || memory->type_version != type->tp_version_tag
        || memory->type_version == 0) {
        memory->reading = find_reading(type, path->name, memory);
        memory->is_method = memory->reading == READ_INSTANCE && memory->member != NULL
                            && hs_is_method(memory->member);
        memory->index = -1;
        memory->type = type;
        memory->type_version = type->tp_version_tag;
        if (memory->type_version == 0) {
            return PEEK_ASK;
        }
    }
    switch (memory->reading) {
    case READ_ASK:
        return PEEK_ASK;
    case READ_NOTHING:
        return PEEK_NOTHING;
    case READ_SLOT:
        *value = *(PyObject **)((char *)owner + memory->offset);
        return *value == NULL ? PEEK_NOTHING : PEEK_OBJECT;
    case READ_INSTANCE:
        break;
    }
    Peek own = peek_own(owner, path->name, &memory->index, value);
    if (own != PEEK_NOTHING || memory->member == NULL) {
        return own;
    }
    *value = memory->member;
    if (memory->is_method) {
        *receiver = owner;
        return PEEK_METHOD;
    }
    return PEEK_OBJECT;
}

/* A method of `super()` in an instance. */
static Peek
peek_inherited(Path *path, PyObject *cls, PyObject *owner, PyObject **value, PyObject **receiver)
{
    PyTypeObject *type = Py_TYPE(owner);
    Memory *memory = &path->memory;
    if (!PyType_Check(cls) || PyType_Check(owner)) {
        return PEEK_ASK;
    }
    if (memory->type != type || memory->type_version != type->tp_version_tag
        || memory->type_version == 0 || memory->after != (PyTypeObject *)cls) {
        /* A type that is asked for something gets its version. */
        _PyType_Lookup(type, path->name);
        memory->member = hs_inherited_method((PyTypeObject *)cls, type, path->name);
        memory->after = (PyTypeObject *)cls;
        memory->type = type;
        memory->type_version = type->tp_version_tag;
    }
    if (memory->type_version == 0 || memory->member == NULL) {
        return PEEK_ASK;
    }
    *value = memory->member;
    *receiver = owner;
    return PEEK_METHOD;
}

/* ---- Items ---- */

static Peek
peek_item(PyObject *owner, PyObject *key, PyObject **value)
{
    PyTypeObject *type = Py_TYPE(owner);
    if (type == &PyList_Type || type == &PyTuple_Type) {
        Py_ssize_t place, size = Py_SIZE(owner);
        if (!hs_small_int(key, &place)) {
            return PEEK_ASK;
        }
        place += place < 0 ? size : 0;
        if (place < 0 || place >= size) {
            return PEEK_NOTHING;
        }
        *value = type == &PyList_Type ? PyList_GET_ITEM(owner, place)
                                      : PyTuple_GET_ITEM(owner, place);
        return PEEK_OBJECT;
    }
    if (type == &PyDict_Type && (PyUnicode_CheckExact(key) || PyLong_CheckExact(key))) {
        *value = PyDict_GetItemWithError(owner, key);
        if (*value == NULL && PyErr_Occurred()) {
            PyErr_Clear();
            return PEEK_ASK;
        }
        return *value == NULL ? PEEK_NOTHING : PEEK_OBJECT;
    }
    return type == &PyDict_Type || type == &PyODict_Type || type == hs.default_dict ? PEEK_ASK
                                                                                   : PEEK_NOTHING;
}

Peek
hs_peek_further(Path *path, HsFrameState *state, PyObject **value, PyObject **receiver)
{
    *value = *receiver = NULL;
    switch (path->kind) {
    case PATH_SLOT:
        return hs_peek_slot(path->slot, state, value);
    case PATH_CONST:
        *value = path->name;
        return PEEK_OBJECT;
    case PATH_NAME:
    case PATH_GLOBAL:
    case PATH_BUILTIN:
        return peek_global(path, state, value);
    case PATH_ATTR: {
        PyObject *owner;
        Peek found = hs_peek(path->first, state, &owner, receiver);
        if (found != PEEK_OBJECT) {
            /* An attribute of a method that is not made: as hs_follow has it. */
            return found == PEEK_NOTHING ? PEEK_NOTHING : PEEK_ASK;
        }
        return peek_attribute(path, owner, value, receiver);
    }
    case PATH_INHERITED:
    case PATH_ITEM: {
        PyObject *first, *second;
        Peek found = hs_peek(path->first, state, &first, receiver);
        if (found == PEEK_OBJECT) {
            found = hs_peek(path->second, state, &second, receiver);
        }
        if (found != PEEK_OBJECT) {
            *receiver = NULL;
            return found == PEEK_NOTHING ? PEEK_NOTHING : PEEK_ASK;
        }
        return path->kind == PATH_ITEM
                   ? peek_item(first, second, value)
                   : peek_inherited(path, first, second, value, receiver);
    }
    case PATH_NEW:
    case PATH_MISSING:
        return PEEK_NOTHING;
    case PATH_IN_PYTHON:
        return PEEK_ASK;
    }
    return PEEK_ASK;
}
