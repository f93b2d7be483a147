/* What can be reached from objects that unknown code may have changed? Asked of
 * line_changes.LineChanges._walk.
 *
 * Objects are visited in the order in which the Python half visits them: it decides the order of
 * the events and what the budget reaches. What refers to what is asked of the types' own
 * `tp_traverse`, as `gc.get_referents` does: no code of the program runs. */
#include "hindsight.h"

enum { REASON_BUDGET = 1 };

/* ---- Objects that wait for their visit, first in, first out; each a new reference ---- */

typedef struct {
    PyObject **at;
    Py_ssize_t first;
    Py_ssize_t end;
    Py_ssize_t capacity;
    PyObject *few[256];
} Queue;

static void
queue_begin(Queue *queue)
{
    queue->at = queue->few;
    queue->first = queue->end = 0;
    queue->capacity = (Py_ssize_t)Py_ARRAY_LENGTH(queue->few);
}

static void
queue_end(Queue *queue)
{
    while (queue->first < queue->end) {
        Py_DECREF(queue->at[queue->first++]);
    }
    if (queue->at != queue->few) {
        PyMem_RawFree(queue->at);
    }
}

static int
queue_grow(Queue *queue)
{
    Py_ssize_t count = queue->end - queue->first;
    if (count <= queue->capacity / 2) {
        memmove(queue->at, queue->at + queue->first, sizeof(PyObject *) * (size_t)count);
    }
    else {
        size_t size = sizeof(PyObject *) * (size_t)queue->capacity * 2;
        PyObject **grown = PyMem_RawMalloc(size);
        if (grown == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        memcpy(grown, queue->at + queue->first, sizeof(PyObject *) * (size_t)count);
        if (queue->at != queue->few) {
            PyMem_RawFree(queue->at);
        }
        queue->at = grown;
        queue->capacity *= 2;
    }
    queue->first = 0;
    queue->end = count;
    return 0;
}

static int
queue_add(Queue *queue, PyObject *value)
{
    if (queue->end == queue->capacity && queue_grow(queue) < 0) {
        return -1;
    }
    queue->at[queue->end++] = Py_NewRef(value);
    return 0;
}

static inline int
queue_is_empty(Queue *queue)
{
    return queue->first == queue->end;
}

/* ---- Sets of numbers of objects, or of addresses: none is 0 ---- */

typedef struct {
    uint64_t *cells;
    size_t mask;
    Py_ssize_t used;
    uint64_t few[256];
} Numbers;

static void
numbers_begin(Numbers *numbers)
{
    memset(numbers->few, 0, sizeof numbers->few);
    numbers->cells = numbers->few;
    numbers->mask = Py_ARRAY_LENGTH(numbers->few) - 1;
    numbers->used = 0;
}

static void
numbers_end(Numbers *numbers)
{
    if (numbers->cells != numbers->few) {
        PyMem_RawFree(numbers->cells);
    }
}

/* Where a number is, or would be. */
static uint64_t *
numbers_find(const Numbers *numbers, uint64_t number)
{
    size_t place = hs_hash_address((uintptr_t)number) & numbers->mask;
    while (numbers->cells[place] != 0 && numbers->cells[place] != number) {
        place = (place + 1) & numbers->mask;
    }
    return &numbers->cells[place];
}

static inline int
numbers_has(const Numbers *numbers, uint64_t number)
{
    return *numbers_find(numbers, number) != 0;
}

static int
numbers_grow(Numbers *numbers)
{
    size_t size = (numbers->mask + 1) * 4;
    Numbers grown = {PyMem_RawCalloc(size, sizeof(uint64_t)), size - 1, numbers->used, {0}};
    if (grown.cells == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t place = 0; place <= numbers->mask; place++) {
        if (numbers->cells[place] != 0) {
            *numbers_find(&grown, numbers->cells[place]) = numbers->cells[place];
        }
    }
    numbers_end(numbers);
    numbers->cells = grown.cells;
    numbers->mask = grown.mask;
    return 0;
}

/* 1 added, 0 it was there. */
static int
numbers_add(Numbers *numbers, uint64_t number)
{
    uint64_t *cell = numbers_find(numbers, number);
    if (*cell != 0) {
        return 0;
    }
    *cell = number;
    numbers->used++;
    if ((size_t)numbers->used * 2 > numbers->mask && numbers_grow(numbers) < 0) {
        return -1;
    }
    return 1;
}

/* ---- One walk ---- */

typedef struct {
    HsObjects *objects;
    HsChanges *changes;
    Queue pending;
    uint64_t mark;      /* of the entries that were compared, and of those that were queued */
    Numbers passed;     /* addresses of objects that the log does not know */
    int64_t budget;
    Py_ssize_t offered; /* objects that were led to, also those that were queued before */
} Walk;

static inline HsEntry *
entry_of(Walk *walk, PyObject *value)
{
    return hs_is_entry(value) ? (HsEntry *)value : hs_entry_at(walk->objects, value);
}

static inline int
was_compared(const Walk *walk, HsEntry *entry)
{
    return entry->compared == walk->mark;
}

/* Queues an entry that has not been queued. */
static inline int
add_once(Walk *walk, HsEntry *entry)
{
    if (entry->queued == walk->mark || was_compared(walk, entry)) {
        return 0;
    }
    entry->queued = walk->mark;
    return queue_add(&walk->pending, (PyObject *)entry);
}

static int
offer(Walk *walk, PyObject *value)
{
    walk->offered++;
    HsEntry *entry = entry_of(walk, value);
    if (entry != NULL) {
        return add_once(walk, entry);
    }
    return numbers_has(&walk->passed, (uint64_t)(uintptr_t)value)
               ? 0
               : queue_add(&walk->pending, value);
}

/* The classes, modules and the like that nothing is looked for behind. */
static inline int
is_entered(PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);
    /* No scalar takes part in garbage collection. */
    return (type->tp_flags & Py_TPFLAGS_HAVE_GC) != 0
               ? type != &PyModule_Type && type != &PyFrame_Type
               : !hs_is_scalar_type(type) && type != &PyCode_Type;
}

static int
add_referent(PyObject *value, void *walk)
{
    return is_entered(value) && !PyType_Check(value) ? offer(walk, value) : 0;
}

/* arrays.held_by, into the queue. */
static int
add_held(Walk *walk, PyObject *value)
{
    HsLayout *layout = hs_layout_of(Py_TYPE(value));
    if (layout == NULL) {
        return -1;
    }
    if (!hs_is(layout->reader) && strcmp(Py_TYPE(value)->tp_name, "numpy.flatiter") != 0) {
        return 0;
    }
    PyObject *held = PyObject_CallOneArg(hs.held_by, value);
    int done = held == NULL || !PyList_CheckExact(held) ? -1 : 0;
    for (Py_ssize_t place = 0; done == 0 && place < PyList_GET_SIZE(held); place++) {
        done = add_referent(PyList_GET_ITEM(held, place), walk);
    }
    Py_XDECREF(held);
    return done;
}

/* line_changes._referents, into the queue. */
static int
add_referents(Walk *walk, PyObject *value)
{
    if (!PyType_IS_GC(Py_TYPE(value))) {
        /* Such a type may be NumPy's. */
        return add_held(walk, value);
    }
    traverseproc traverse = PyObject_IS_GC(value) ? Py_TYPE(value)->tp_traverse : NULL;
    return traverse == NULL ? 0 : traverse(value, add_referent, walk);
}

static int
add_tuple(Walk *walk, PyObject *tuple)
{
    for (Py_ssize_t place = 0; tuple != NULL && place < PyTuple_GET_SIZE(tuple); place++) {
        if (offer(walk, PyTuple_GET_ITEM(tuple, place)) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
add_defaults(Walk *walk, PyFunctionObject *function)
{
    if (add_tuple(walk, function->func_defaults) < 0) {
        return -1;
    }
    PyObject *defaults = function->func_kwdefaults, *value;
    Py_ssize_t at = 0;
    while (defaults != NULL && PyDict_Next(defaults, &at, NULL, &value)) {
        if (offer(walk, value) < 0) {
            return -1;
        }
    }
    return 0;
}

/* line_changes._is_inert: the log follows nothing in such an object, nor behind it. */
static inline int
is_inert(HsEntry *entry)
{
    return entry->settled || entry->kind == K_MODULE || entry->kind == K_RANGE
           || (entry->kind == K_CLASS && !entry->own_class);
}

static inline int
add_entry(Walk *walk, PyObject *part)
{
    return part != NULL && hs_is_entry(part) && !is_inert((HsEntry *)part)
               ? add_once(walk, (HsEntry *)part)
               : 0;
}

static int
add_entries(Walk *walk, PyObject *list)
{
    Py_ssize_t count = hs_is(list) ? PyList_GET_SIZE(list) : 0;
    for (Py_ssize_t place = 0; place < count; place++) {
        if (add_entry(walk, PyList_GET_ITEM(list, place)) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Goes on from what the log says of an object. */
static int
enter_shadow(Walk *walk, HsEntry *entry)
{
    if (add_entries(walk, entry->items) < 0
        || (entry->kind == K_DICT && add_entries(walk, entry->keys) < 0)
        || add_entries(walk, entry->attrs) < 0) {
        return -1;
    }
    return add_entry(walk, entry->value);
}

static int
is_skipped(HsEntry *entry)
{
    return entry->kind == K_BYTEARRAY || is_inert(entry);
}

/* Does an object refer to more than its shadow tells? 1 yes, 0 no, -1 failed. */
static int
has_more(Walk *walk, HsEntry *entry, PyObject *value)
{
    switch (entry->kind) {
    case K_OPAQUE:
    case K_GENERATOR:
    case K_COROUTINE:
    case K_ASYNC_GENERATOR:
        return 1;
    case K_INSTANCE:
        if (!hs_is(((HsLayout *)entry->layout)->get_dict)) {
            return 1;
        }
        if (!entry->own_class) {
            int passive = hs_class_is_passive(walk->changes, Py_TYPE(value));
            return passive < 0 ? -1 : !passive;
        }
        return 0;
    default:
        return 0;
    }
}

/* LineChanges._enter. */
static int
enter(Walk *walk, HsEntry *entry)
{
    if (is_skipped(entry)) {
        return 0;
    }
    if (enter_shadow(walk, entry) < 0) {
        return -1;
    }
    int done = 0;
    PyObject *value = hs_entry_object(entry);
    if (value != NULL && entry->kind == K_FUNCTION) {
        done = add_defaults(walk, (PyFunctionObject *)value);
    }
    else if (value != NULL && entry->kind == K_ARRAY) {
        done = add_held(walk, value);
    }
    else if (value != NULL && (done = has_more(walk, entry, value)) > 0) {
        done = add_referents(walk, value);
    }
    Py_XDECREF(value);
    return done;
}

static int
enter_function(Walk *walk, PyFunctionObject *function)
{
    return add_tuple(walk, function->func_closure) < 0 ? -1 : add_defaults(walk, function);
}

static int
enter_list(Walk *walk, PyObject *list)
{
    for (Py_ssize_t place = 0; place < PyList_GET_SIZE(list) && place < walk->changes->budget;
         place++) {
        if (offer(walk, PyList_GET_ITEM(list, place)) < 0) {
            return -1;
        }
    }
    return 0;
}

/* LineChanges._enter_untracked: takes the elements looked at from the budget. */
static int
enter_untracked(Walk *walk, PyObject *value)
{
    if (!is_entered(value) || PyType_Check(value)) {
        return 0;
    }
    int is_function = Py_IS_TYPE(value, &PyFunction_Type), is_list = PyList_CheckExact(value);
    int is_large = PyDict_CheckExact(value) && PyDict_GET_SIZE(value) > walk->changes->budget;
    PyObject *owner = is_function || is_list || is_large
                          ? NULL
                          : hs_map_get((HsIdMap *)walk->objects->owners, value);
    if (owner != NULL && add_once(walk, (HsEntry *)owner) < 0) {
        return -1;
    }
    Py_ssize_t before = walk->offered;
    int done = is_function ? enter_function(walk, (PyFunctionObject *)value)
               : is_list   ? enter_list(walk, value)
               : is_large  ? 0
                           : add_referents(walk, value);
    /* Of an instance's dict the instance pays. */
    walk->budget -= owner != NULL ? 0 : 1 + walk->offered - before;
    return done;
}

/* ---- Beyond the budget ---- */

typedef struct {
    Queue entries;
    Numbers numbers;
} Found;

static int
add_found(Found *found, HsEntry *entry)
{
    int added = numbers_add(&found->numbers, (uint64_t)entry->oid);
    return added <= 0 ? added : queue_add(&found->entries, (PyObject *)entry);
}

/* What is still reachable by what the log says. */
static int
find_reachable(Walk *walk, Found *found)
{
    int done = 0;
    while (done == 0 && !queue_is_empty(&walk->pending)) {
        PyObject *value = walk->pending.at[walk->pending.first++];
        HsEntry *entry = entry_of(walk, value);
        if (entry != NULL && entry->alive && !entry->unknown
            && !was_compared(walk, entry)
            && !numbers_has(&found->numbers, (uint64_t)entry->oid)) {
            done = add_found(found, entry);
            if (done == 0 && !is_skipped(entry)) {
                done = enter_shadow(walk, entry);
            }
        }
        Py_DECREF(value);
    }
    return done;
}

/* What was compared before this walk, since the last mark: it is not up to date any more. */
static int
find_recompared(Walk *walk, Found *found)
{
    PyObject *gone = PyList_New(0), *oid, *entry;
    Py_ssize_t at = 0;
    int done = gone == NULL ? -1 : 0;
    while (done == 0 && PyDict_Next(walk->objects->recompared, &at, &oid, &entry)) {
        if (!was_compared(walk, (HsEntry *)entry)) {
            ((HsEntry *)entry)->again = 0;
            done = add_found(found, (HsEntry *)entry) < 0 ? -1 : PyList_Append(gone, oid);
        }
    }
    for (Py_ssize_t place = 0; done == 0 && place < PyList_GET_SIZE(gone); place++) {
        done = PyDict_DelItem(walk->objects->recompared, PyList_GET_ITEM(gone, place));
    }
    Py_XDECREF(gone);
    return done;
}

static inline int
is_forgotten(HsEntry *entry)
{
    return ((HsLayout *)entry->layout)->changeable && !is_inert(entry) && entry->alive
           && !entry->unknown;
}

/* ObjectTable.mark_unknown. */
static int
mark_unknown(HsObjects *objects, Found *found)
{
    HsEntry **entries = (HsEntry **)found->entries.at;
    Py_ssize_t count = 0;
    for (Py_ssize_t place = 0; place < found->entries.end; place++) {
        count += is_forgotten(entries[place]);
    }
    if (count == 0) {
        return 0;
    }
    objects->any_unknown = 1;
    for (Py_ssize_t place = 0; place < found->entries.end; place++) {
        if (is_forgotten(entries[place]) && hs_begin_change(objects, entries[place]) < 0) {
            return -1;
        }
    }
    objects->events -= count - 1;
    HsBuffer *buffer = hs_buffer_of(objects);
    hs_u8(buffer, OP_UNKNOWN);
    hs_u8(buffer, REASON_BUDGET);
    hs_uv(buffer, (uint64_t)count);
    for (Py_ssize_t place = 0; place < found->entries.end; place++) {
        if (is_forgotten(entries[place])) {
            entries[place]->unknown = 1;
            hs_uv(buffer, (uint64_t)entries[place]->oid);
        }
    }
    return 0;
}

/* LineChanges._mark. */
static int
mark(Walk *walk)
{
    Found found;
    queue_begin(&found.entries);
    numbers_begin(&found.numbers);
    int done = find_reachable(walk, &found);
    if (done == 0) {
        done = find_recompared(walk, &found);
    }
    if (done == 0) {
        done = mark_unknown(walk->objects, &found);
    }
    numbers_end(&found.numbers);
    queue_end(&found.entries);
    return done < 0 ? -1 : 0;
}

/* ---- The walk ---- */

/* Takes the dead out of what unknown code was given. */
static int
forget_escaped(HsChanges *changes, Py_ssize_t dead)
{
    PyObject *kept = dead == 0 ? NULL : PyDict_New(), *oid, *entry;
    if (dead == 0) {
        return 0;
    }
    Py_ssize_t at = 0;
    int done = kept == NULL ? -1 : 0;
    while (done == 0 && PyDict_Next(changes->escaped, &at, &oid, &entry)) {
        done = ((HsEntry *)entry)->alive ? PyDict_SetItem(kept, oid, entry) : 0;
    }
    if (done < 0) {
        Py_XDECREF(kept);
        return -1;
    }
    hs_replace(&changes->escaped, kept);
    return 0;
}

static int
add_escaped(Walk *walk)
{
    PyObject *entry;
    Py_ssize_t at = 0, dead = 0;
    while (PyDict_Next(walk->changes->escaped, &at, NULL, &entry)) {
        dead += !((HsEntry *)entry)->alive;
        if (((HsEntry *)entry)->alive && add_once(walk, (HsEntry *)entry) < 0) {
            return -1;
        }
    }
    at = 0;
    while (PyDict_Next(walk->changes->globals, &at, NULL, &entry)) {
        if (add_once(walk, (HsEntry *)entry) < 0) {
            return -1;
        }
    }
    return forget_escaped(walk->changes, dead);
}

/* One step; 1 the walk is over. */
static int
visit(Walk *walk, PyObject *value)
{
    HsEntry *entry = entry_of(walk, value);
    int done = 0;
    if (entry == NULL) {
        int added = numbers_add(&walk->passed, (uint64_t)(uintptr_t)value);
        if (added <= 0) {
            return added;
        }
        done = enter_untracked(walk, value);
    }
    else if (entry->alive && !was_compared(walk, entry)) {
        if (walk->budget <= 0) {
            return queue_add(&walk->pending, (PyObject *)entry) < 0 || mark(walk) < 0 ? -1 : 1;
        }
        entry->compared = walk->mark;
        Py_ssize_t looked = 0;
        Py_INCREF(entry);
        done = hs_compare(walk->objects, entry, &looked);
        walk->budget -= looked;
        if (done == 0) {
            done = enter(walk, entry);
        }
        Py_DECREF(entry);
    }
    if (done == 0 && walk->budget <= 0 && !queue_is_empty(&walk->pending)
        && walk->passed.used > 4 * walk->changes->budget) {
        return mark(walk) < 0 ? -1 : 1;
    }
    return done;
}

int
hs_walk(HsChanges *changes, PyObject *const *values, Py_ssize_t count, int deep)
{
    Walk walk;
    walk.objects = (HsObjects *)changes->objects;
    walk.changes = changes;
    walk.budget = changes->budget;
    static uint64_t marks;
    walk.mark = ++marks;
    walk.offered = 0;
    queue_begin(&walk.pending);
    numbers_begin(&walk.passed);
    int done = 0;
    for (Py_ssize_t place = 0; done == 0 && place < count; place++) {
        done = offer(&walk, values[place]);
    }
    if (done == 0 && deep) {
        done = add_escaped(&walk);
    }
    while (done == 0 && !queue_is_empty(&walk.pending)) {
        PyObject *value = walk.pending.at[walk.pending.first++];
        done = visit(&walk, value);
        Py_DECREF(value);
    }
    numbers_end(&walk.passed);
    queue_end(&walk.pending);
    return done < 0 ? -1 : 0;
}

static PyObject *
method_walk(HsChanges *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"values", "deep", NULL};
    PyObject *values;
    int deep;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!p", names, &PyList_Type, &values, &deep)) {
        return NULL;
    }
    /* A copy: what is compared may make the interpreter do other things. */
    PyObject *row = PyList_AsTuple(values);
    if (row == NULL) {
        return NULL;
    }
    int done = hs_walk(self, ((PyTupleObject *)row)->ob_item, PyTuple_GET_SIZE(row), deep);
    Py_DECREF(row);
    return done < 0 ? NULL : Py_NewRef(Py_None);
}

PyMethodDef hs_changes_methods[] = {
    {"_walk", (PyCFunction)(void (*)(void))method_walk, METH_VARARGS | METH_KEYWORDS, NULL},
    {NULL, NULL, 0, NULL},
};
