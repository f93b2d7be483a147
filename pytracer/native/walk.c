/* What can be reached from objects that unknown code may have changed? Asked of
 * line_changes.LineChanges._walk.
 *
 * Objects are visited in the order in which the Python half visits them: it decides the order of
 * the events and what the budget reaches. What refers to what is asked of the types' own
 * `tp_traverse`, as `gc.get_referents` does: no code of the program runs. */
#include "internals.h"
#include "places.h"

enum { REASON_BUDGET = 1 };

/* ---- What waits for its visit, first in, first out: entries and places. Each a new reference, of
 * a place one to the object there. ---- */

typedef struct {
    PyObject **at;
    Py_ssize_t first;
    Py_ssize_t end;
    Py_ssize_t capacity;
    PyObject *few[256];
} Queue;

enum { IS_PLACE = 1 };

static inline HsPlace *
as_place(PyObject *item)
{
    uintptr_t tagged = (uintptr_t)item;
    return (tagged & IS_PLACE) != 0 ? (HsPlace *)(tagged - IS_PLACE) : NULL;
}

static inline void
let_go(PyObject *item)
{
    HsPlace *place = as_place(item);
    Py_DECREF(place != NULL ? place->address : item);
}

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
        let_go(queue->at[queue->first++]);
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

static inline int
queue_add(Queue *queue, HsEntry *entry)
{
    if (queue->end == queue->capacity && queue_grow(queue) < 0) {
        return -1;
    }
    queue->at[queue->end++] = Py_NewRef(entry);
    return 0;
}

static inline int
queue_add_place(Queue *queue, HsPlace *place)
{
    if (queue->end == queue->capacity && queue_grow(queue) < 0) {
        return -1;
    }
    Py_INCREF(place->address);
    queue->at[queue->end++] = (PyObject *)((uintptr_t)place | IS_PLACE);
    return 0;
}

static inline int
queue_is_empty(Queue *queue)
{
    return queue->first == queue->end;
}

/* ---- Sets of numbers of objects: none is 0 ---- */

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
    uint64_t mark;      /* of entries that were compared or queued, and of places that were queued */
    int64_t budget;
    Py_ssize_t passed;  /* how many objects were visited that the log does not know */
    Py_ssize_t offered; /* objects that the one which is looked at leads to */
    Py_ssize_t count;   /* of those, in `row`, while they are few */
    PyObject *row[HS_MOST_REFERENTS];
} Walk;

/* The entry of what waits, borrowed; NULL when the log does not know it. */
static inline HsEntry *
entry_of(Walk *walk, PyObject *item)
{
    HsPlace *place = as_place(item);
    return place != NULL ? hs_entry_at(walk->objects, place->address) : (HsEntry *)item;
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
    return queue_add(&walk->pending, entry);
}

static inline int
add_place_once(Walk *walk, HsPlace *place)
{
    if (place->mark == walk->mark) {
        return 0;
    }
    place->mark = walk->mark;
    return queue_add_place(&walk->pending, place);
}

static int
offer(Walk *walk, PyObject *value)
{
    HsEntry *entry = hs_is_entry(value) ? (HsEntry *)value : hs_entry_at(walk->objects, value);
    if (entry != NULL) {
        return add_once(walk, entry);
    }
    HsPlace *place = hs_place_at(value);
    return place == NULL ? -1 : add_place_once(walk, place);
}

/* ---- Referents: collected in a row, then offered together ---- */

static inline int
is_spilled(const Walk *walk)
{
    return walk->offered > walk->count;
}

/* Too many for a row are offered one by one. */
static int
spill(Walk *walk, PyObject *value)
{
    for (Py_ssize_t at = 0; !is_spilled(walk) && at < walk->count; at++) {
        if (offer(walk, walk->row[at]) < 0) {
            return -1;
        }
    }
    walk->offered++;
    return offer(walk, value);
}

static inline int
collect(Walk *walk, PyObject *value)
{
    if (walk->count == HS_MOST_REFERENTS) {
        return spill(walk, value);
    }
    walk->row[walk->count++] = value;
    walk->offered++;
    return 0;
}

static inline void
begin_row(Walk *walk)
{
    walk->count = walk->offered = 0;
}

static int
offer_row(Walk *walk)
{
    for (Py_ssize_t at = 0; at < walk->count; at++) {
        if (offer(walk, walk->row[at]) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Offers what is kept of the row: the same as offer_row. */
static int
offer_kept(Walk *walk, HsPlace *place)
{
    for (Py_ssize_t at = 0; at < place->count; at++) {
        HsEntry *entry = place->referents[at].entry;
        if (entry == NULL) {
            if (add_place_once(walk, place->referents[at].place) < 0) {
                return -1;
            }
            continue;
        }
        if (!entry->mapped
            || (entry->kind == K_TUPLE && !hs_is_still(walk->objects, entry, place->row[at]))) {
            /* It died, and its address is another's. */
            hs_forget_row(place);
            return offer_row(walk);
        }
        if (add_once(walk, entry) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Offers the row that the object at a place, which may be known to the log, has led to. */
static int
end_row(Walk *walk, HsPlace *place)
{
    if (is_spilled(walk)) {
        return 0;
    }
    size_t size = sizeof(PyObject *) * (size_t)walk->count;
    if (place->row != NULL) {
        if (place->count == walk->count && memcmp(place->row, walk->row, size) == 0) {
            return offer_kept(walk, place);
        }
        hs_forget_row(place);
    }
    else if (place->met) {
        return hs_keep_row(walk->objects, place, walk->row, walk->count) < 0
                   ? -1
                   : offer_kept(walk, place);
    }
    place->met = 1;
    return offer_row(walk);
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
    return is_entered(value) && !PyType_Check(value) ? collect(walk, value) : 0;
}

/* arrays.held_by. Not into the row: it makes objects anew. */
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
        PyObject *one = PyList_GET_ITEM(held, place);
        if (is_entered(one) && !PyType_Check(one)) {
            walk->offered++;
            done = offer(walk, one);
        }
    }
    Py_XDECREF(held);
    return done;
}

/* line_changes._referents, into the row. */
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
        if (collect(walk, PyTuple_GET_ITEM(tuple, place)) < 0) {
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
        if (collect(walk, value) < 0) {
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

/* ---- Going on from a shadow ---- */

/* The parts of a shadow that a walk goes on to, in order. The shadow holds them too, but who changes
 * it may let go of one before the walk knows. */
struct HsLinks {
    uint64_t epoch;
    Py_ssize_t count;
    HsEntry *at[];
};

/* Links of another epoch are not to be used. */
static uint64_t links_epoch;

void
hs_forget_all_links(void)
{
    links_epoch++;
}

void
hs_free_links(HsEntry *entry)
{
    struct HsLinks *links = entry->links;
    entry->links = NULL;
    for (Py_ssize_t place = 0; place < links->count; place++) {
        Py_DECREF(links->at[place]);
    }
    PyMem_RawFree(links);
}

static inline int
is_followed(PyObject *part)
{
    return part != NULL && hs_is_entry(part) && !is_inert((HsEntry *)part);
}

/* The rows of a shadow: elements, keys, attributes. */
enum { ROWS = 3 };
static inline PyObject *
row_of(HsEntry *entry, int which)
{
    PyObject *row = which == 0   ? entry->items
                    : which == 2 ? entry->attrs
                                 : entry->kind == K_DICT ? entry->keys : NULL;
    return hs_is(row) ? row : NULL;
}

static int
enter_parts(Walk *walk, HsEntry *entry)
{
    for (int which = 0; which < ROWS; which++) {
        PyObject *row = row_of(entry, which);
        Py_ssize_t count = row == NULL ? 0 : PyList_GET_SIZE(row);
        for (Py_ssize_t place = 0; place < count; place++) {
            PyObject *part = PyList_GET_ITEM(row, place);
            if (is_followed(part) && add_once(walk, (HsEntry *)part) < 0) {
                return -1;
            }
        }
    }
    return is_followed(entry->value) ? add_once(walk, (HsEntry *)entry->value) : 0;
}

static void
add_link(struct HsLinks *links, PyObject *part)
{
    if (is_followed(part)) {
        links->at[links->count++] = (HsEntry *)Py_NewRef(part);
    }
}

/* NULL when there is no memory for it: the parts are still there. */
static struct HsLinks *
make_links(HsEntry *entry)
{
    Py_ssize_t most = 1;
    for (int which = 0; which < ROWS; which++) {
        PyObject *row = row_of(entry, which);
        for (Py_ssize_t place = 0; row != NULL && place < PyList_GET_SIZE(row); place++) {
            most += is_followed(PyList_GET_ITEM(row, place));
        }
    }
    struct HsLinks *links = PyMem_RawMalloc(sizeof *links + sizeof(HsEntry *) * (size_t)most);
    if (links == NULL) {
        return NULL;
    }
    links->epoch = links_epoch;
    links->count = 0;
    for (int which = 0; which < ROWS; which++) {
        PyObject *row = row_of(entry, which);
        for (Py_ssize_t place = 0; row != NULL && place < PyList_GET_SIZE(row); place++) {
            add_link(links, PyList_GET_ITEM(row, place));
        }
    }
    add_link(links, entry->value);
    return links;
}

/* The same as enter_shadow, when no links are known. */
static int
enter_shadow_anew(Walk *walk, HsEntry *entry)
{
    /* What changes each time is read part by part. */
    int keeps = entry->entered;
    hs_forget_links(entry);
    entry->entered = 1;
    entry->links = keeps ? make_links(entry) : NULL;
    return enter_parts(walk, entry);
}

/* Goes on from what the log says of an object. */
static inline int
enter_shadow(Walk *walk, HsEntry *entry)
{
    struct HsLinks *links = entry->links;
    if (links == NULL || links->epoch != links_epoch) {
        return enter_shadow_anew(walk, entry);
    }
    for (Py_ssize_t place = 0; place < links->count; place++) {
        if (add_once(walk, links->at[place]) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
is_skipped(HsEntry *entry)
{
    return entry->kind == K_BYTEARRAY || is_inert(entry);
}

/* Has the dict of an instance more than its attributes? What has a key that is no name, or what an
 * instance of a subclass has itself. 1 yes, 0 no, -1 failed. */
static int
has_others(HsEntry *entry, PyObject *value)
{
    HsLayout *layout = (HsLayout *)entry->layout;
    PyObject *dict = hs_has_dict(layout) ? hs_known_dict(value, layout) : NULL;
    if (dict == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    int has = !PyDict_CheckExact(dict) || PyDict_GET_SIZE(dict) > entry->attr_total;
    Py_DECREF(dict);
    return has;
}

/* LineChanges._refers_to_more: 1 yes, 0 no, -1 failed. */
static int
refers_to_more(Walk *walk, HsEntry *entry, PyObject *value)
{
    HsLayout *layout = (HsLayout *)entry->layout;
    Py_ssize_t kept = entry->attrs == NULL ? 0 : PyList_GET_SIZE(entry->attrs);
    int others = layout->tells_all ? has_others(entry, value) : 0;
    if (others != 0 || (layout->tells_all && entry->attr_total == kept)) {
        return others;
    }
    if (!hs_is(layout->get_dict)) {
        return 1;
    }
    int passive = hs_class_is_passive(walk->changes, Py_TYPE(value));
    return passive < 0 ? -1 : !passive;
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
        return refers_to_more(walk, entry, value);
    default:
        return 0;
    }
}

/* What a living object refers to, beyond its shadow. */
static int
enter_more(Walk *walk, HsEntry *entry, PyObject *value)
{
    int is_function = entry->kind == K_FUNCTION, is_array = entry->kind == K_ARRAY;
    int more = is_function || is_array ? 1 : has_more(walk, entry, value);
    if (more <= 0) {
        return more;
    }
    PyFunctionObject *function = (PyFunctionObject *)value;
    if (is_function && function->func_defaults == NULL && function->func_kwdefaults == NULL) {
        return 0;
    }
    begin_row(walk);
    int done = is_function ? add_defaults(walk, function)
               : is_array  ? add_held(walk, value)
                           : add_referents(walk, value);
    if (done < 0 || walk->count == 0) {
        return done;
    }
    HsPlace *place = hs_place_at(value);
    return place == NULL ? -1 : end_row(walk, place);
}

/* May an object of this kind refer to more than its shadow tells? */
static inline int
may_refer_to_more(int kind)
{
    const unsigned kinds = 1u << K_FUNCTION | 1u << K_ARRAY | 1u << K_OPAQUE | 1u << K_GENERATOR
                           | 1u << K_COROUTINE | 1u << K_ASYNC_GENERATOR | 1u << K_INSTANCE;
    return (kinds >> kind & 1) != 0;
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
    PyObject *value = may_refer_to_more(entry->kind) ? hs_entry_live(entry) : NULL;
    if (value == NULL) {
        return 0;
    }
    Py_INCREF(value);
    int done = enter_more(walk, entry, value);
    Py_DECREF(value);
    return done;
}

static int
add_function(Walk *walk, PyFunctionObject *function)
{
    return add_tuple(walk, function->func_closure) < 0 ? -1 : add_defaults(walk, function);
}

static int
add_list(Walk *walk, PyObject *list)
{
    for (Py_ssize_t place = 0; place < PyList_GET_SIZE(list) && place < walk->changes->budget;
         place++) {
        if (collect(walk, PyList_GET_ITEM(list, place)) < 0) {
            return -1;
        }
    }
    return 0;
}

/* LineChanges._enter_untracked: takes the elements looked at from the budget. */
static int
enter_untracked(Walk *walk, HsPlace *place)
{
    PyObject *value = place->address;
    if (!is_entered(value) || PyType_Check(value)) {
        return 0;
    }
    int is_function = Py_IS_TYPE(value, &PyFunction_Type), is_list = PyList_CheckExact(value);
    int is_large = PyDict_CheckExact(value) && PyDict_GET_SIZE(value) > walk->changes->budget;
    PyObject *owner = !is_large && PyDict_Check(value)
                          ? hs_map_get((HsIdMap *)walk->objects->owners, value)
                          : NULL;
    if (owner != NULL && add_once(walk, (HsEntry *)owner) < 0) {
        return -1;
    }
    begin_row(walk);
    int done = is_function ? add_function(walk, (PyFunctionObject *)value)
               : is_list   ? add_list(walk, value)
               : is_large  ? 0
                           : add_referents(walk, value);
    /* Of an instance's dict the instance pays. */
    walk->budget -= owner != NULL ? 0 : 1 + walk->offered;
    return done < 0 ? -1 : end_row(walk, place);
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
    return added <= 0 ? added : queue_add(&found->entries, entry);
}

/* What is still reachable by what the log says. */
static int
find_reachable(Walk *walk, Found *found)
{
    int done = 0;
    while (done == 0 && !queue_is_empty(&walk->pending)) {
        PyObject *item = walk->pending.at[walk->pending.first++];
        HsEntry *entry = entry_of(walk, item);
        if (entry != NULL && entry->alive && !entry->unknown
            && !was_compared(walk, entry)
            && !numbers_has(&found->numbers, (uint64_t)entry->oid)) {
            done = add_found(found, entry);
            if (done == 0 && !is_skipped(entry)) {
                done = enter_shadow(walk, entry);
            }
        }
        let_go(item);
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
    while (done == 0 && hs_dict_next(walk->objects->recompared, &at, &oid, &entry)) {
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
    PyObject *oid, *entry;
    Py_ssize_t at = 0, dead = 0;
    while (hs_dict_next(walk->changes->escaped, &at, &oid, &entry)) {
        dead += !((HsEntry *)entry)->alive;
        if (((HsEntry *)entry)->alive && add_once(walk, (HsEntry *)entry) < 0) {
            return -1;
        }
    }
    at = 0;
    while (hs_dict_next(walk->changes->globals, &at, &oid, &entry)) {
        if (add_once(walk, (HsEntry *)entry) < 0) {
            return -1;
        }
    }
    return forget_escaped(walk->changes, dead);
}

/* One step; 1 the walk is over. */
static int
visit(Walk *walk, PyObject *item)
{
    HsEntry *entry = entry_of(walk, item);
    int done = 0;
    if (entry == NULL) {
        walk->passed++;
        done = enter_untracked(walk, as_place(item));
    }
    else if (entry->alive && !was_compared(walk, entry)) {
        if (walk->budget <= 0) {
            return queue_add(&walk->pending, entry) < 0 || mark(walk) < 0 ? -1 : 1;
        }
        entry->compared = walk->mark;
        Py_ssize_t looked = 0;
        /* What waits is held; the entry of what is at a place is not. */
        Py_INCREF(entry);
        done = hs_compare(walk->objects, entry, &looked);
        walk->budget -= looked;
        if (done == 0) {
            done = enter(walk, entry);
        }
        Py_DECREF(entry);
    }
    if (done == 0 && walk->budget <= 0 && !queue_is_empty(&walk->pending)
        && walk->passed > 4 * walk->changes->budget) {
        return mark(walk) < 0 ? -1 : 1;
    }
    return done;
}

uint64_t
hs_new_mark(void)
{
    static uint64_t marks;
    return ++marks;
}

int
hs_walk(HsChanges *changes, PyObject *const *values, Py_ssize_t count, int deep)
{
    Walk walk;
    walk.objects = (HsObjects *)changes->objects;
    walk.changes = changes;
    walk.mark = hs_new_mark();
    walk.budget = changes->budget;
    walk.passed = 0;
    queue_begin(&walk.pending);
    hs_begin_places(walk.objects);
    int done = 0;
    for (Py_ssize_t place = 0; done == 0 && place < count; place++) {
        done = offer(&walk, values[place]);
    }
    if (done == 0 && deep) {
        done = add_escaped(&walk);
    }
    while (done == 0 && !queue_is_empty(&walk.pending)) {
        PyObject *item = walk.pending.at[walk.pending.first++];
        done = visit(&walk, item);
        let_go(item);
    }
    queue_end(&walk.pending);
    hs_end_places();
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
