/* Where has a walk met objects of which the log knows nothing? See places.h. */
#include "places.h"

enum { FIRST_CELLS = 256, SLAB = 128, MOST_PLACES = 4096, MOST_WORDS = 65536 };

typedef struct Slab {
    struct Slab *next;
    HsPlace at[SLAB];
} Slab;

/* The one table; the module serves one interpreter, and one recorder at a time. */
static struct {
    HsObjects *objects;     /* whose entries are kept here: to compare with */
    HsPlace **cells;
    size_t mask;
    size_t used;
    Slab *slabs;
    Py_ssize_t in_slab;     /* used places of the first slab */
    Py_ssize_t words;       /* of all rows */
    int walks;              /* that are not over: one within another */
} table;

void
hs_forget_row(HsPlace *place)
{
    if (place->row == NULL) {
        return;
    }
    PyObject **row = place->row;
    Py_ssize_t count = place->count;
    place->row = NULL;
    place->count = 0;
    table.words -= count;
    for (Py_ssize_t at = 0; at < count; at++) {
        Py_XDECREF(place->referents[at].entry);
    }
    PyMem_RawFree(place->referents);
    PyMem_RawFree(row);
}

void
hs_forget_places(void)
{
    if (table.walks > 0) {
        table.objects = NULL;
        return;
    }
    Slab *slab = table.slabs;
    Py_ssize_t count = table.in_slab;
    PyMem_RawFree(table.cells);
    table.cells = NULL;
    table.slabs = NULL;
    table.used = table.mask = 0;
    table.in_slab = 0;
    while (slab != NULL) {
        Slab *next = slab->next;
        for (Py_ssize_t at = 0; at < count; at++) {
            hs_forget_row(&slab->at[at]);
        }
        PyMem_RawFree(slab);
        slab = next;
        count = SLAB;
    }
    table.objects = NULL;
}

void
hs_begin_places(HsObjects *objects)
{
    if (table.objects != objects || table.used > MOST_PLACES || table.words > MOST_WORDS) {
        hs_forget_places();
    }
    if (table.walks++ == 0) {
        table.objects = objects;
    }
}

void
hs_end_places(void)
{
    if (--table.walks == 0 && table.objects == NULL) {
        hs_forget_places();
    }
}

static HsPlace **
find(HsPlace **cells, size_t mask, const PyObject *address)
{
    size_t place = hs_hash_address((uintptr_t)address) & mask;
    while (cells[place] != NULL && cells[place]->address != address) {
        place = (place + 1) & mask;
    }
    return &cells[place];
}

static int
grow(void)
{
    size_t count = table.cells == NULL ? FIRST_CELLS : (table.mask + 1) * 2;
    HsPlace **cells = PyMem_RawCalloc(count, sizeof(HsPlace *));
    if (cells == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t at = 0; table.cells != NULL && at <= table.mask; at++) {
        if (table.cells[at] != NULL) {
            *find(cells, count - 1, table.cells[at]->address) = table.cells[at];
        }
    }
    PyMem_RawFree(table.cells);
    table.cells = cells;
    table.mask = count - 1;
    return 0;
}

static HsPlace *
new_place(PyObject *address)
{
    if (table.slabs == NULL || table.in_slab == SLAB) {
        Slab *slab = PyMem_RawMalloc(sizeof *slab);
        if (slab == NULL) {
            PyErr_NoMemory();
            return NULL;
        }
        slab->next = table.slabs;
        table.slabs = slab;
        table.in_slab = 0;
    }
    HsPlace *place = &table.slabs->at[table.in_slab++];
    *place = (HsPlace){.address = address};
    return place;
}

HsPlace *
hs_place_at(PyObject *value)
{
    if ((table.used + 1) * 2 > table.mask && grow() < 0) {
        return NULL;
    }
    HsPlace **cell = find(table.cells, table.mask, value);
    if (*cell == NULL) {
        *cell = new_place(value);
        table.used += *cell != NULL;
    }
    return *cell;
}

int
hs_keep_row(HsObjects *objects, HsPlace *place, PyObject *const *row, Py_ssize_t count)
{
    hs_forget_row(place);
    PyObject **kept = PyMem_RawMalloc(sizeof *kept * (size_t)(count > 0 ? count : 1));
    HsReferent *referents =
        PyMem_RawMalloc(sizeof *referents * (size_t)(count > 0 ? count : 1));
    if (kept == NULL || referents == NULL) {
        PyMem_RawFree(kept);
        PyMem_RawFree(referents);
        PyErr_NoMemory();
        return -1;
    }
    place->referents = referents;
    place->row = kept;
    for (Py_ssize_t at = 0; at < count; at++) {
        HsEntry *entry = hs_entry_at(objects, row[at]);
        HsPlace *other = entry == NULL ? hs_place_at(row[at]) : NULL;
        if (entry == NULL && other == NULL) {
            hs_forget_row(place);
            return -1;
        }
        kept[at] = row[at];
        referents[at] = (HsReferent){(HsEntry *)Py_XNewRef(entry), other};
        place->count++;
        table.words++;
    }
    return 0;
}
