/* What do objects refer to of which the log knows nothing, and what has been found out about that?
 *
 * A place is an address at which a walk has met such an object. What the object there refers to is
 * asked anew each time; when it is what it was, row for row, it need not be looked up again. */
#ifndef HINDSIGHT_PLACES_H
#define HINDSIGHT_PLACES_H

#include "hindsight.h"

typedef struct HsPlace HsPlace;

/* One referent: an entry of the log, or else a place. */
typedef struct {
    HsEntry *entry;         /* strong; NULL when the log did not know it */
    HsPlace *place;
} HsReferent;

struct HsPlace {
    PyObject *address;      /* to compare with: what was there may be dead */
    uint64_t mark;          /* the last walk that led here */
    int met;                /* what was here has been looked at before */
    Py_ssize_t count;
    PyObject **row;         /* addresses that the object referred to, in order; NULL: not kept */
    HsReferent *referents;  /* of each */
};

enum { HS_MOST_REFERENTS = 256 };

/* Begins a walk: what was kept of another table, or grew too large, is forgotten. */
void hs_begin_places(HsObjects *objects);
void hs_end_places(void);
/* Forgets all places; those of walks that are not over, at their end. */
void hs_forget_places(void);
/* The place at an address; NULL on failure. It stays until the next walk. */
HsPlace *hs_place_at(PyObject *value);
/* Forgets what is kept of a place. */
void hs_forget_row(HsPlace *place);
/* Keeps a row of up to HS_MOST_REFERENTS living objects, with what is at its addresses now; -1 on failure. */
int hs_keep_row(HsObjects *objects, HsPlace *place, PyObject *const *row, Py_ssize_t count);

#endif
