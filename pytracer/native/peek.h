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

/* The attribute that an object of the same type as the last one has where the last one had it; else
 * NULL. */
static inline PyObject *
hs_peek_inline(Path *path, PyObject *owner)
{
    PyTypeObject *type = Py_TYPE(owner);
    Memory *memory = &path->memory;
    if (memory->type != type || memory->type_version != type->tp_version_tag
        || memory->type_version == 0) {
        return NULL;
    }
    if (memory->reading == READ_SLOT) {
        return *(PyObject **)((char *)owner + memory->offset);
    }
    PyDictValues *values = hs_inline_values(owner, type);
    if (memory->reading != READ_INSTANCE || memory->index < 0 || values == NULL) {
        return NULL;
    }
    PyDictKeysObject *keys = hs_inline_names(type);
    /* Where the last one had a dict of its own, the place is one in that. */
    return memory->index < keys->dk_nentries
                   && DK_UNICODE_ENTRIES(keys)[memory->index].me_key == path->name
               ? values->values[memory->index]
               : NULL;
}

static inline Peek
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
        if (hs_peek_slot(path->first->slot, state, &owner) == PEEK_OBJECT
            && (*value = hs_peek_inline(path, owner)) != NULL) {
            return PEEK_OBJECT;
        }
    }
    return hs_peek_further(path, state, value, receiver);
}

/* An instance's own attribute at a glance: PEEK_OBJECT, PEEK_NOTHING or PEEK_ASK. `index` is where it
 * was last. */
Peek hs_peek_own(PyObject *owner, PyObject *name, Py_ssize_t *index, PyObject **value);

#endif
