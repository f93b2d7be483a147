/* Which entry or frame state belongs to an address?
 *
 * An open-addressing table that Python sees as it sees a dict with addresses as keys. `values` and
 * `items` list entries in the order in which they were numbered. */
#include "hindsight.h"

enum { FIRST_CELLS = 64 };
static const uintptr_t DELETED = 1;

static int
resize(HsIdMap *map, size_t count)
{
    HsMapCell *cells = PyMem_RawCalloc(count, sizeof(HsMapCell));
    if (cells == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    HsMapCell *old = map->cells;
    size_t old_count = old == NULL ? 0 : map->mask + 1;
    map->cells = cells;
    map->mask = count - 1;
    for (size_t from = 0; from < old_count; from++) {
        if (old[from].key <= DELETED) {
            continue;
        }
        size_t place = hs_hash_address(old[from].key) & map->mask;
        while (cells[place].key != 0) {
            place = (place + 1) & map->mask;
        }
        cells[place] = old[from];
    }
    map->filled = map->used;
    PyMem_RawFree(old);
    return 0;
}

static HsMapCell *
find(HsIdMap *map, uintptr_t key)
{
    size_t place = hs_hash_address(key) & map->mask;
    while (map->cells[place].key != 0) {
        if (map->cells[place].key == key) {
            return &map->cells[place];
        }
        place = (place + 1) & map->mask;
    }
    return NULL;
}

/* Does this table hold an entry by the address of its own object? */
static int
is_by_address(uintptr_t key, PyObject *value)
{
    return value != NULL && hs_is_entry(value) && ((HsEntry *)value)->key == (uint64_t)key;
}

static void
set_mapped(uintptr_t key, PyObject *value, int is_mapped)
{
    if (is_by_address(key, value)) {
        ((HsEntry *)value)->mapped = (char)is_mapped;
    }
}

/* The weak reference of an entry has the entry for its callback: that circle ends here. */
static void
forget(uintptr_t key, PyObject *value)
{
    set_mapped(key, value, 0);
    if (is_by_address(key, value) && ((HsEntry *)value)->home != NULL) {
        hs_replace(&((HsEntry *)value)->ref, NULL);
        hs_replace(&((HsEntry *)value)->home, NULL);
    }
}

int
hs_map_set(HsIdMap *map, const void *address, PyObject *value)
{
    uintptr_t key = (uintptr_t)address;
    HsMapCell *cell = find(map, key);
    if (cell != NULL) {
        set_mapped(key, cell->value, 0);
        set_mapped(key, value, 1);
        hs_replace(&cell->value, Py_NewRef(value));
        return 0;
    }
    return hs_map_add(map, address, value);
}

int
hs_map_add(HsIdMap *map, const void *address, PyObject *value)
{
    uintptr_t key = (uintptr_t)address;
    size_t count = map->mask + 1;
    if ((size_t)(map->filled + 1) * 3 > count * 2) {
        size_t wanted = (size_t)(map->used + 1) * 3 > count ? count * 2 : count;
        if (resize(map, wanted) < 0) {
            return -1;
        }
    }
    size_t place = hs_hash_address(key) & map->mask;
    while (map->cells[place].key > DELETED) {
        place = (place + 1) & map->mask;
    }
    if (map->cells[place].key == 0) {
        map->filled++;
    }
    map->cells[place].key = key;
    map->cells[place].value = Py_NewRef(value);
    map->used++;
    set_mapped(key, value, 1);
    return 0;
}

PyObject *
hs_map_pop(HsIdMap *map, const void *address)
{
    HsMapCell *cell = find(map, (uintptr_t)address);
    if (cell == NULL) {
        return NULL;
    }
    PyObject *value = cell->value;
    set_mapped((uintptr_t)address, value, 0);
    size_t next = ((size_t)(cell - map->cells) + 1) & map->mask;
    if (map->cells[next].key == 0) {
        /* Nothing was ever put behind it: no search goes through this cell. */
        cell->key = 0;
        map->filled--;
    }
    else {
        cell->key = DELETED;
    }
    cell->value = NULL;
    map->used--;
    return value;
}

static int
read_key(PyObject *number, uintptr_t *key)
{
    size_t read = PyLong_AsSize_t(number);
    if (read == (size_t)-1 && PyErr_Occurred()) {
        return -1;
    }
    *key = (uintptr_t)read;
    return 0;
}

static PyObject *
map_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwargs))
{
    HsIdMap *self = (HsIdMap *)type->tp_alloc(type, 0);
    if (self != NULL && resize(self, FIRST_CELLS) < 0) {
        Py_CLEAR(self);
    }
    return (PyObject *)self;
}

static void
release_all(HsIdMap *self)
{
    if (self->cells == NULL) {
        return;
    }
    for (size_t place = 0; place <= self->mask; place++) {
        PyObject *value = self->cells[place].value;
        forget(self->cells[place].key, value);
        self->cells[place].key = 0;
        self->cells[place].value = NULL;
        Py_XDECREF(value);
    }
    self->used = self->filled = 0;
}

static void
map_dealloc(HsIdMap *self)
{
    release_all(self);
    PyMem_RawFree(self->cells);
    Py_TYPE(self)->tp_free(self);
}

/* For Python code, which asks by the number of an address: borrowed or NULL. */
static PyObject *
look_up(PyObject *op, uintptr_t key)
{
    PyObject *found = hs_map_get((HsIdMap *)op, (void *)key);
    if (!is_by_address(key, found) || ((HsEntry *)found)->kind != K_TUPLE
        || hs_is_still_told((HsIdMap *)op, (HsEntry *)found)) {
        return found;
    }
    return NULL;
}

static Py_ssize_t
map_length(PyObject *op)
{
    return ((HsIdMap *)op)->used;
}

static PyObject *
map_subscript(PyObject *op, PyObject *number)
{
    uintptr_t key;
    if (read_key(number, &key) < 0) {
        return NULL;
    }
    PyObject *found = look_up(op, key);
    if (found == NULL) {
        PyErr_SetObject(PyExc_KeyError, number);
        return NULL;
    }
    return Py_NewRef(found);
}

static int
map_assign(PyObject *op, PyObject *number, PyObject *value)
{
    uintptr_t key;
    if (read_key(number, &key) < 0) {
        return -1;
    }
    if (value != NULL) {
        return hs_map_set((HsIdMap *)op, (void *)key, value);
    }
    PyObject *old = hs_map_pop((HsIdMap *)op, (void *)key);
    if (old == NULL) {
        PyErr_SetObject(PyExc_KeyError, number);
        return -1;
    }
    Py_DECREF(old);
    return 0;
}

static int
map_contains(PyObject *op, PyObject *number)
{
    uintptr_t key;
    if (read_key(number, &key) < 0) {
        return -1;
    }
    return look_up(op, key) != NULL;
}

static PyObject *
map_get(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    uintptr_t key;
    if (count < 1 || count > 2) {
        PyErr_SetString(PyExc_TypeError, "get takes a key and a default");
        return NULL;
    }
    if (read_key(args[0], &key) < 0) {
        return NULL;
    }
    PyObject *found = look_up(op, key);
    if (found == NULL) {
        found = count == 2 ? args[1] : Py_None;
    }
    return Py_NewRef(found);
}

static PyObject *
map_pop(PyObject *op, PyObject *const *args, Py_ssize_t count)
{
    uintptr_t key;
    if (count < 1 || count > 2) {
        PyErr_SetString(PyExc_TypeError, "pop takes a key and a default");
        return NULL;
    }
    if (read_key(args[0], &key) < 0) {
        return NULL;
    }
    PyObject *found = hs_map_pop((HsIdMap *)op, (void *)key);
    if (found != NULL) {
        return found;
    }
    if (count == 2) {
        return Py_NewRef(args[1]);
    }
    PyErr_SetObject(PyExc_KeyError, args[0]);
    return NULL;
}

static int64_t
number_of(PyObject *value)
{
    return hs_is_entry(value) ? ((HsEntry *)value)->oid : 0;
}

static int
in_order(const void *left, const void *right)
{
    int64_t a = number_of(((const HsMapCell *)left)->value);
    int64_t b = number_of(((const HsMapCell *)right)->value);
    return a < b ? -1 : a > b;
}

/* A sorted copy of the live cells; NULL with an exception. To be freed with PyMem_RawFree. */
static HsMapCell *
sorted_cells(HsIdMap *self)
{
    HsMapCell *copy = PyMem_RawMalloc(((size_t)self->used + 1) * sizeof(HsMapCell));
    if (copy == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    Py_ssize_t count = 0;
    for (size_t place = 0; place <= self->mask; place++) {
        if (self->cells[place].key > DELETED) {
            copy[count++] = self->cells[place];
        }
    }
    qsort(copy, (size_t)count, sizeof(HsMapCell), in_order);
    return copy;
}

/* How many live cells there are may change while memory is asked for: a collection can run. */
static PyObject *
list_cells(HsIdMap *self, int with_keys)
{
    Py_ssize_t count = self->used;
    PyObject *list = PyList_New(count);
    if (list == NULL) {
        return NULL;
    }
    HsMapCell *cells = sorted_cells(self);
    if (cells == NULL) {
        Py_DECREF(list);
        return NULL;
    }
    for (Py_ssize_t place = 0; place < count; place++) {
        PyObject *item;
        if (place >= self->used) {
            item = Py_NewRef(Py_None);
        }
        else if (with_keys) {
            item = Py_BuildValue("(KO)", (unsigned long long)cells[place].key, cells[place].value);
        }
        else {
            item = Py_NewRef(cells[place].value);
        }
        if (item == NULL) {
            Py_CLEAR(list);
            break;
        }
        PyList_SET_ITEM(list, place, item);
    }
    PyMem_RawFree(cells);
    return list;
}

static PyObject *
map_values(HsIdMap *self, PyObject *Py_UNUSED(ignored))
{
    return list_cells(self, 0);
}

static PyObject *
map_items(HsIdMap *self, PyObject *Py_UNUSED(ignored))
{
    return list_cells(self, 1);
}

static PyObject *
map_clear(HsIdMap *self, PyObject *Py_UNUSED(ignored))
{
    release_all(self);
    Py_RETURN_NONE;
}

static PyMethodDef map_methods[] = {
    {"get", (PyCFunction)(void (*)(void))map_get, METH_FASTCALL, "Return what is at an address."},
    {"pop", (PyCFunction)(void (*)(void))map_pop, METH_FASTCALL, "Take out what is there."},
    {"values", (PyCFunction)map_values, METH_NOARGS, "List all that is here."},
    {"items", (PyCFunction)map_items, METH_NOARGS, "List it with its addresses."},
    {"clear", (PyCFunction)map_clear, METH_NOARGS, "Let go of everything."},
    {NULL, NULL, 0, NULL},
};

static PySequenceMethods map_as_sequence = {
    .sq_contains = map_contains,
};

static PyMappingMethods map_as_mapping = {
    .mp_length = map_length,
    .mp_subscript = map_subscript,
    .mp_ass_subscript = map_assign,
};

PyTypeObject HsIdMap_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "hindsight_core.IdMap",
    .tp_basicsize = sizeof(HsIdMap),
    .tp_dealloc = (destructor)map_dealloc,
    .tp_as_sequence = &map_as_sequence,
    .tp_as_mapping = &map_as_mapping,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = map_methods,
    .tp_new = map_new,
};
