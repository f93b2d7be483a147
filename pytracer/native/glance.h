/* What a line has changed, as far as it can be seen at a glance: quick_changes.c finds it, at_once.c
 * and compare.c write it. */
#ifndef HINDSIGHT_GLANCE_H
#define HINDSIGHT_GLANCE_H

#include "line_effects.h"

typedef enum {
    WHOLE,
    ITEM,
    PAIR,
    ATTR,
    APPEND,     /* one more at the end */
    POP,        /* one less at the end */
    POP_LEFT,   /* one less at the start */
    SIZE        /* nothing, or the size has changed as well */
} Piece;

typedef struct {
    HsEntry *entry;
    PyObject *object;   /* borrowed; is held while it is compared */
    StorePlan *store;
    Piece piece;
    Py_ssize_t first;   /* ITEM: the range of places that were stored */
    Py_ssize_t last;
    PyObject *key;      /* PAIR: borrowed */
    int stays;          /* the same object before as after the line */
} Target;

typedef struct {
    HsRecorder *recorder;
    HsObjects *objects;
    HsFrameState *state;
    Effects *effects;
    Py_ssize_t modules; /* how many are recorded: what is passive holds as long as no more are */
    int count;
    Target targets[HS_MOST_TARGETS];
} Glance;

/* Can a piece of it stand for all of it? Not when it is to be said that it is known again. */
static inline int
hs_can_be_piece(Target *target)
{
    HsLayout *layout = (HsLayout *)target->entry->layout;
    return !target->entry->unknown && layout->ready
           && ((PyWeakReference *)layout->ref)->wr_object == (PyObject *)Py_TYPE(target->object);
}

/* Writes what has changed of all targets: 1 done, 0 the rest is for hs_compare_seen. */
int hs_write_at_once(Glance *glance);

#endif
