/* How is a change written that was seen at a glance, in the middle of the program's line?
 *
 * Without the lock: nothing here runs code, lets go of the GIL or can fail. A change that needs more
 * (an object that is new to the log, a long text, the first change of an object in its block) is left
 * for compare.c, which writes the same events. */
#include "glance.h"
#include "simple_values.h"

/* Is all as it has to be for a simple change of an object? Then where its event goes. */
static inline uint8_t *
begin(HsObjects *objects, HsEntry *entry, int opcode)
{
    HsWriter *writer = hs_writer_of(objects);
    uint8_t *to = hs_simple_room((HsBuffer *)writer->buf);
    if (to == NULL || entry->block != writer->block || objects->seen_count == HS_MOST_TARGETS) {
        return NULL;
    }
    *to++ = (uint8_t)opcode;
    return hs_uv_to(to, (uint64_t)entry->oid);
}

static inline void
end(HsObjects *objects, HsEntry *entry, const uint8_t *to)
{
    HsBuffer *buffer = hs_buffer_of(objects);
    buffer->length = to - buffer->bytes;
    hs_forget_links(entry);
    entry->changes++;
    objects->events++;
    objects->seen[objects->seen_count++] = entry;
}

/* Puts what is live in a place of a shadow's row, behind the event's head at `to`. */
static inline int
put_in_place(HsObjects *objects, HsEntry *entry, uint8_t *to, PyObject **place, PyObject *live)
{
    PyObject *known, *old = *place;
    if (!hs_can_be_let_go(old) || (to = hs_simple_to(to, objects, live, &known)) == NULL) {
        return 0;
    }
    *place = Py_NewRef(known);
    end(objects, entry, to);
    Py_DECREF(old);
    return 1;
}

static void
drop_last(PyObject *row)
{
    Py_ssize_t last = PyList_GET_SIZE(row) - 1;
    PyObject *item = PyList_GET_ITEM(row, last);
    Py_SET_SIZE(row, last);
    Py_DECREF(item);
}

/* Puts what is live behind a shadow's row. */
static inline int
put_behind(HsObjects *objects, HsEntry *entry, uint8_t *to, PyObject *row, PyObject *live)
{
    PyObject *known;
    if ((to = hs_simple_to(to, objects, live, &known)) == NULL) {
        return 0;
    }
    if (PyList_Append(row, known) < 0) {
        PyErr_Clear();
        return 0;
    }
    end(objects, entry, to);
    return 1;
}

/* What stands in a few places, each of them maybe another's before. */
static int
write_range(HsObjects *objects, HsEntry *entry, PyObject **live, Py_ssize_t first,
            Py_ssize_t count)
{
    enum { MOST = 3 };
    PyObject *known[MOST], **row = &((PyListObject *)entry->items)->ob_item[first];
    uint8_t *to = count > MOST ? NULL : begin(objects, entry, OP_SPLICE);
    if (to == NULL) {
        return 0;
    }
    to = hs_uv_to(hs_uv_to(hs_uv_to(to, (uint64_t)first), (uint64_t)count), (uint64_t)count);
    for (Py_ssize_t place = 0; place < count; place++) {
        if (!hs_can_be_let_go(row[place])
            || (to = hs_simple_to(to, objects, live[first + place], &known[place])) == NULL) {
            return 0;
        }
    }
    for (Py_ssize_t place = 0; place < count; place++) {
        PyObject *old = row[place];
        row[place] = Py_NewRef(known[place]);
        known[place] = old;
    }
    end(objects, entry, to);
    for (Py_ssize_t place = 0; place < count; place++) {
        Py_DECREF(known[place]);
    }
    return 1;
}

static int
write_item(HsObjects *objects, Target *target)
{
    HsEntry *entry = target->entry;
    PyObject *list = target->object;
    Py_ssize_t size = PyList_GET_SIZE(list), first = target->first, last = target->last;
    if (entry->items == NULL || size != entry->total || PyList_GET_SIZE(entry->items) != size) {
        return 0;
    }
    PyObject **old = ((PyListObject *)entry->items)->ob_item;
    PyObject **live = ((PyListObject *)list)->ob_item;
    hs_narrow(old, live, &first, &last);
    if (first != last) {
        return first > last || write_range(objects, entry, live, first, last + 1 - first);
    }
    uint8_t *to = begin(objects, entry, OP_ITEM_SET);
    return to != NULL
           && put_in_place(objects, entry, hs_uv_to(to, (uint64_t)first), &old[first], live[first]);
}

/* A pair that the shadow does not have yet. */
static int
add_pair(HsObjects *objects, HsEntry *entry, PyObject *key, PyObject *value)
{
    PyObject *known;
    uint8_t *to = entry->items == NULL ? NULL : begin(objects, entry, OP_APPEND);
    if (to == NULL || (to = hs_simple_to(to, objects, key, &known)) == NULL) {
        return 0;
    }
    if (PyList_Append(entry->keys, key) < 0) {
        PyErr_Clear();
        return 0;
    }
    if (put_behind(objects, entry, to, entry->items, value)) {
        entry->total++;
        return 1;
    }
    drop_last(entry->keys);
    return 0;
}

static int
write_pair(HsObjects *objects, Target *target)
{
    HsEntry *entry = target->entry;
    PyObject *value;
    Py_ssize_t place = hs_find_pair(objects, entry, target->object, target->key, &value);
    if (place < 0) {
        return place == HS_BEHIND ? add_pair(objects, entry, target->key, value)
                                  : place == HS_UNCHANGED;
    }
    PyObject **row = ((PyListObject *)entry->items)->ob_item;
    if (hs_shows(row[place], value)) {
        return 1;
    }
    uint8_t *to = begin(objects, entry, OP_ITEM_SET);
    return to != NULL
           && put_in_place(objects, entry, hs_uv_to(to, (uint64_t)place), &row[place], value);
}

/* An attribute that the shadow does not have yet. */
static int
add_attr(HsObjects *objects, HsEntry *entry, uint8_t *to, PyObject *name, PyObject *value)
{
    if (!hs_alloc_is_quiet() && (entry->attr_names == NULL || entry->attrs == NULL)) {
        return 0;
    }
    if (hs_make_attr_rows(entry) < 0 || PyList_Append(entry->attr_names, name) < 0) {
        PyErr_Clear();
        return 0;
    }
    if (put_behind(objects, entry, to, entry->attrs, value)) {
        entry->attr_total++;
        return 1;
    }
    drop_last(entry->attr_names);
    return 0;
}

static int
write_attr(HsObjects *objects, Target *target)
{
    HsEntry *entry = target->entry;
    PyObject *name = target->store->name, *value;
    Py_ssize_t place = hs_find_attr(objects, entry, target->object, name, &target->store->seen,
                                    &value);
    if (place < 0 && place != HS_BEHIND) {
        return 0;
    }
    PyObject **row = place < 0 ? NULL : ((PyListObject *)entry->attrs)->ob_item;
    if (row != NULL && hs_shows(row[place], value)) {
        return 1;
    }
    uint8_t *to = begin(objects, entry, OP_ATTR_SET);
    int64_t named = to == NULL ? -1 : hs_place_of_str(hs_writer_of(objects), name);
    if (named < 0) {
        return 0;
    }
    to = hs_uv_to(to, (uint64_t)named);
    if (row != NULL) {
        return put_in_place(objects, entry, to, &row[place], value);
    }
    return add_attr(objects, entry, to, name, value);
}

static int
write_end(HsObjects *objects, Target *target)
{
    HsEntry *entry = target->entry;
    PyObject *list = target->object;
    Py_ssize_t size = Py_SIZE(list);
    if (!PyList_CheckExact(list) || entry->items == NULL || size != entry->total + 1
        || size > objects->max_items || PyList_GET_SIZE(entry->items) != entry->total) {
        return 0;
    }
    uint8_t *to = begin(objects, entry, OP_APPEND);
    if (to == NULL
        || !put_behind(objects, entry, to, entry->items, PyList_GET_ITEM(list, size - 1))) {
        return 0;
    }
    entry->total = size;
    return 1;
}

static int
write_pop(HsObjects *objects, Target *target)
{
    HsEntry *entry = target->entry;
    Py_ssize_t size = Py_SIZE(target->object);
    if (!PyList_CheckExact(target->object) || entry->items == NULL || size != entry->total - 1
        || PyList_GET_SIZE(entry->items) != entry->total) {
        return 0;
    }
    uint8_t *to = begin(objects, entry, OP_SPLICE);
    if (to == NULL || !hs_can_be_let_go(PyList_GET_ITEM(entry->items, size))) {
        return 0;
    }
    to = hs_uv_to(to, (uint64_t)size);
    *to++ = 1;
    *to++ = 0;
    end(objects, entry, to);
    drop_last(entry->items);
    entry->total = size;
    return 1;
}

static int
write_target(HsObjects *objects, Target *target)
{
    switch (target->piece) {
    case ITEM:
        return write_item(objects, target);
    case PAIR:
        return write_pair(objects, target);
    case ATTR:
        return write_attr(objects, target);
    case APPEND:
        return write_end(objects, target);
    case POP:
        return write_pop(objects, target);
    case SIZE:
        return hs_size_stays(target->entry, target->object);
    case POP_LEFT:
    case WHOLE:
        return 0;
    }
    return 0;
}

int
hs_write_at_once(Glance *glance)
{
    HsObjects *objects = glance->objects;
    for (int place = 0; place < glance->count; place++) {
        Target *target = &glance->targets[place];
        if (target->entry->alive && target->entry->mapped
            && !((!objects->any_unknown || target->entry->again) && hs_can_be_piece(target)
                 && !hs_may_be_watched(objects, target->entry) && write_target(objects, target))) {
            return 0;
        }
    }
    return 1;
}
