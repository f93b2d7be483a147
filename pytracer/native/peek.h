/* What does an access path lead to, when that can be seen at a glance? (peek.c) */
#ifndef HINDSIGHT_PEEK_H
#define HINDSIGHT_PEEK_H

#include "access_paths.h"
#include "internals.h"

/* What a path leads to at a glance: borrowed, good until anything runs or is let go. */
typedef enum {
    PEEK_ASK,       /* not at a glance: follow it */
    PEEK_NOTHING,
    PEEK_OBJECT,
    PEEK_METHOD     /* a function, and the receiver that it would be bound to */
} Peek;
Peek hs_peek_further(Path *path, HsFrameState *state, PyObject **value, PyObject **receiver);

static inline Peek
hs_peek_slot(int slot, HsFrameState *state, PyObject **value)
{
    PyObject *known = PyList_GET_ITEM(state->values, slot);
    if (hs_is_scalar(known)) {
        *value = known;
        return PEEK_OBJECT;
    }
    if (hs_is_entry(known)) {
        *value = (PyObject *)(uintptr_t)((HsEntry *)known)->key;
        return ((HsEntry *)known)->mapped ? PEEK_OBJECT : PEEK_ASK;
    }
    *value = NULL;
    return known == hs.unbound ? PEEK_NOTHING : PEEK_ASK;
}

/* Below this: of how many names in a type's keys none was the one (Memory.index). */
enum { HS_ABSENT = -2 };

/* What an attribute of an object of the same type as the last one is, where the last one had it, be it
 * a method of its class; else PEEK_ASK. */
static inline Peek
hs_peek_inline(Path *path, PyObject *owner, PyObject **value, PyObject **receiver)
{
    PyTypeObject *type = Py_TYPE(owner);
    Memory *memory = &path->memory;
    if (memory->type != type || memory->type_version != type->tp_version_tag
        || memory->type_version == 0) {
        return PEEK_ASK;
    }
    if (memory->reading == READ_SLOT) {
        *value = *(PyObject **)((char *)owner + memory->offset);
        return *value != NULL ? PEEK_OBJECT : PEEK_ASK;
    }
    PyDictValues *values = hs_inline_values(owner, type);
    if (memory->reading != READ_INSTANCE || values == NULL) {
        return PEEK_ASK;
    }
    PyDictKeysObject *keys = hs_inline_names(type);
    if (memory->index >= 0) {
        /* Where the last one had a dict of its own, the place is one in that. */
        if (memory->index >= keys->dk_nentries
            || DK_UNICODE_ENTRIES(keys)[memory->index].me_key != path->name) {
            return PEEK_ASK;
        }
        *value = values->values[memory->index];
        return *value != NULL ? PEEK_OBJECT : PEEK_ASK;
    }
    if (!memory->is_method || memory->index != HS_ABSENT - keys->dk_nentries) {
        return PEEK_ASK;
    }
    *value = memory->member;
    *receiver = owner;
    return PEEK_METHOD;
}

/* What stands in a place of a dict whose names have this version; NULL when they have another one. */
static inline PyObject *
hs_value_at(PyObject *names, uint32_t version, Py_ssize_t place)
{
    PyDictKeysObject *keys = hs_dict_keys(names);
    return place >= 0 && version != 0 && version == hs_keys_version(keys)
               ? DK_UNICODE_ENTRIES(keys)[place].me_value
               : NULL;
}

/* The value of a global or builtin, when the names of both namespaces are those of the last time; else
 * NULL. */
static inline PyObject *
hs_peek_global(Path *path, HsFrameState *state)
{
    HsEntry *entry = (HsEntry *)state->globals;
    Memory *memory = &path->memory;
    if (!hs_is((PyObject *)entry) || !entry->mapped) {
        return NULL;
    }
    PyObject *names = (PyObject *)(uintptr_t)entry->key;
    if (!PyDict_CheckExact(names)) {
        return NULL;
    }
    if (memory->global_place >= 0) {
        return hs_value_at(names, memory->globals_version, memory->global_place);
    }
    return memory->globals_version != 0
                   && memory->globals_version == hs_keys_version(hs_dict_keys(names))
               ? hs_value_at(hs.builtins, memory->builtins_version, memory->builtin_place)
               : NULL;
}

static Py_ALWAYS_INLINE inline Peek
hs_peek(Path *path, HsFrameState *state, PyObject **value, PyObject **receiver)
{
    *receiver = NULL;
    if (path == NULL) {
        return PEEK_NOTHING;
    }
    if (path->kind == PATH_SLOT) {
        return hs_peek_slot(path->slot, state, value);
    }
    if (path->kind == PATH_ATTR && path->first != NULL && path->first->kind == PATH_SLOT) {
        PyObject *owner;
        if (hs_peek_slot(path->first->slot, state, &owner) == PEEK_OBJECT) {
            Peek found = hs_peek_inline(path, owner, value, receiver);
            if (found != PEEK_ASK) {
                return found;
            }
        }
    }
    else if (path->kind == PATH_GLOBAL && (*value = hs_peek_global(path, state)) != NULL) {
        return PEEK_OBJECT;
    }
    return hs_peek_further(path, state, value, receiver);
}

/* An instance's own attribute at a glance: PEEK_OBJECT, PEEK_NOTHING or PEEK_ASK. `index` is where it
 * was last. */
Peek hs_peek_own(PyObject *owner, PyObject *name, Py_ssize_t *index, PyObject **value);

#endif
