/* How is a change written that was seen at a glance, in the middle of the program's line?
 *
 * Without the lock: nothing here runs code, lets go of the GIL or can fail. A change that needs more
 * (a long text, an object that was told of long ago) is left for compare.c, which writes the same
 * events. */
#include "glance.h"
#include "simple_values.h"

/* Is all as it has to be for a simple change of an object? Then where its event goes. */
static inline uint8_t *
begin(HsObjects *objects, HsEntry *entry, int opcode)
{
    HsWriter *writer = hs_writer_of(objects);
    uint8_t *to = hs_simple_room((HsBuffer *)writer->buf);
    if (to == NULL || objects->seen_count == HS_MOST_TARGETS
        || (entry->block != writer->block && !hs_can_begin_in_block(objects, entry))) {
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
    if (entry->block != hs_writer_of(objects)->block) {
        hs_begin_in_block(objects, entry);
    }
    else {
        objects->seen[objects->seen_count++] = entry;
    }
    entry->changes++;
    objects->events++;
}

/* What was to be stored last, when it was no simple value. */
static PyObject *missing;

/* The same as hs_simple_to; notes what is not simple. */
static inline uint8_t *
value_to(uint8_t *to, HsObjects *objects, PyObject *live, PyObject **known)
{
    to = hs_simple_to(to, objects, live, known);
    if (to == NULL) {
        missing = live;
    }
    return to;
}

/* The same of the last value of an event. */
static inline uint8_t *
last_value_to(uint8_t *to, HsObjects *objects, PyObject *live, PyObject **known)
{
    uint8_t *behind = value_to(to, objects, live, known);
    return behind != NULL || !PyUnicode_CheckExact(live) ? behind
                                                         : hs_new_text_to(to, objects, live);
}

/* Puts what is live in a place of a shadow's row, behind the event's head at `to`. */
static inline int
put_in_place(HsObjects *objects, HsEntry *entry, uint8_t *to, PyObject **place, PyObject *live)
{
    PyObject *known, *old = *place;
    if (!hs_can_be_let_go(old) || (to = last_value_to(to, objects, live, &known)) == NULL) {
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
    if (!hs_push(row, hs.unbound)) {
        return 0;
    }
    if ((to = last_value_to(to, objects, live, &known)) == NULL) {
        drop_last(row);
        return 0;
    }
    PyObject **place = &((PyListObject *)row)->ob_item[PyList_GET_SIZE(row) - 1];
    Py_SETREF(*place, Py_NewRef(known));
    end(objects, entry, to);
    return 1;
}

/* Moves what stands in a row from `end` on by so many places: 0 (nothing changed) there is no memory. The
 * places in between are to be filled then; what stood in those that go has been taken out. */
static int
move_end(PyObject *row, Py_ssize_t end, Py_ssize_t by)
{
    Py_ssize_t size = PyList_GET_SIZE(row);
    for (Py_ssize_t place = 0; place < by; place++) {
        if (!hs_push(row, hs.unbound)) {
            hs_cut_list(row, size);
            return 0;
        }
    }
    PyObject **items = ((PyListObject *)row)->ob_item;
    for (Py_ssize_t place = 0; place < by; place++) {
        Py_DECREF(items[size + place]);
    }
    memmove(items + end + by, items + end, (size_t)(size - end) * sizeof *items);
    Py_SET_SIZE(row, size + by);
    return 1;
}

/* Where the values go behind the head of an event that puts `count` items in the place of `old_count`. */
static uint8_t *
begin_range(HsObjects *objects, HsEntry *entry, Py_ssize_t first, Py_ssize_t old_count,
            Py_ssize_t count)
{
    int is_append = count == 1 && old_count == 0 && first == PyList_GET_SIZE(entry->items);
    int is_set = count == 1 && old_count == 1;
    uint8_t *to = begin(objects, entry, is_append ? OP_APPEND : is_set ? OP_ITEM_SET : OP_SPLICE);
    if (to == NULL || is_append) {
        return to;
    }
    to = hs_uv_to(to, (uint64_t)first);
    return is_set ? to : hs_uv_to(hs_uv_to(to, (uint64_t)old_count), (uint64_t)count);
}

/* Writes that a list has `count` items where its shadow has `old_count`. */
static int
write_range(HsObjects *objects, HsEntry *entry, PyObject **live, Py_ssize_t first,
            Py_ssize_t old_count, Py_ssize_t count)
{
    enum { MOST = 64 };
    PyObject *known[MOST], *old[MOST];
    if (count > MOST || old_count > MOST
        || hs_room(hs_buffer_of(objects), HS_SIMPLE_ROOM + 11 * MOST) == NULL) {
        return 0;
    }
    uint8_t *to = begin_range(objects, entry, first, old_count, count);
    for (Py_ssize_t place = 0; to != NULL && place < count; place++) {
        to = value_to(to, objects, live[first + place], &known[place]);
    }
    for (Py_ssize_t place = 0; place < old_count; place++) {
        old[place] = PyList_GET_ITEM(entry->items, first + place);
        to = hs_can_be_let_go(old[place]) ? to : NULL;
    }
    if (to == NULL
        || (count != old_count && !move_end(entry->items, first + old_count, count - old_count))) {
        return 0;
    }
    for (Py_ssize_t place = 0; place < count; place++) {
        PyList_SET_ITEM(entry->items, first + place, Py_NewRef(known[place]));
    }
    entry->total += count - old_count;
    end(objects, entry, to);
    for (Py_ssize_t place = 0; place < old_count; place++) {
        Py_DECREF(old[place]);
    }
    return 1;
}

/* All of a list of which the shadow has all as well. */
static int
write_list(HsObjects *objects, Target *target)
{
    HsEntry *entry = target->entry;
    PyObject *list = target->object;
    Py_ssize_t size = PyList_CheckExact(list) ? PyList_GET_SIZE(list) : -1;
    if (size < 0 || entry->kind != K_LIST || entry->items == NULL || size > objects->max_items
        || PyList_GET_SIZE(entry->items) != entry->total) {
        return 0;
    }
    PyObject **old = ((PyListObject *)entry->items)->ob_item;
    PyObject **live = ((PyListObject *)list)->ob_item;
    Py_ssize_t old_end = (Py_ssize_t)entry->total, end = size, first = 0;
    while (first < old_end && first < end && hs_shows(old[first], live[first])) {
        first++;
    }
    while (first < old_end && first < end && hs_shows(old[old_end - 1], live[end - 1])) {
        old_end--;
        end--;
    }
    return (first == old_end && first == end)
           || write_range(objects, entry, live, first, old_end - first, end - first);
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
        return first > last
               || write_range(objects, entry, live, first, last + 1 - first, last + 1 - first);
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
    if (to == NULL || (to = value_to(to, objects, key, &known)) == NULL) {
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

/* Was nothing put under a key as yet? Then the dict has not changed. */
static inline int
is_absent(HsEntry *entry, PyObject *dict, PyObject *key)
{
    PyObject *own_key, *value;
    return PyUnicode_CheckExact(key) && hs_size_stays(entry, dict) && !hs_is_split(dict)
           && hs_has_text_keys(dict) && hs_dict_entry(dict, key, &own_key, &value) < 0;
}

static int
write_pair(HsObjects *objects, Target *target)
{
    HsEntry *entry = target->entry;
    PyObject *value;
    Py_ssize_t place = hs_find_pair(objects, entry, target->object, target->key, &value);
    if (place < 0) {
        return place == HS_BEHIND ? add_pair(objects, entry, target->key, value)
                                  : place == HS_UNCHANGED
                                        || is_absent(entry, target->object, target->key);
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

/* Has a list only been about to be changed, or was what was done to it seen already? A deque that is full
 * loses what stands at its other end. */
static inline int
is_as_it_was(HsEntry *entry, PyObject *list)
{
    return PyList_CheckExact(list) && hs_size_stays(entry, list);
}

static int
write_end(HsObjects *objects, Target *target)
{
    HsEntry *entry = target->entry;
    PyObject *list = target->object;
    if (is_as_it_was(entry, list)) {
        return 1;
    }
    Py_ssize_t size = Py_SIZE(list);
    if (!PyList_CheckExact(list) || entry->items == NULL || size != entry->total + 1
        || size > objects->max_items || PyList_GET_SIZE(entry->items) != entry->total) {
        return write_list(objects, target);
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
    if (is_as_it_was(entry, target->object)) {
        return 1;
    }
    if (!PyList_CheckExact(target->object) || entry->items == NULL || size != entry->total - 1
        || PyList_GET_SIZE(entry->items) != entry->total) {
        return write_list(objects, target);
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
        return hs_size_stays(target->entry, target->object) || write_list(objects, target);
    case WHOLE:
        return write_list(objects, target);
    case POP_LEFT:
        return 0;
    }
    return 0;
}

/* The same; what is put there is made known when it is an object that is new to the log. */
static int
write_known(HsObjects *objects, Target *target)
{
    for (;;) {
        missing = NULL;
        if (write_target(objects, target)) {
            return 1;
        }
        if (missing == NULL || hs_is_scalar(missing) || hs_make_known(objects, missing) == NULL) {
            return 0;
        }
    }
}

int
hs_write_at_once(Glance *glance)
{
    HsObjects *objects = glance->objects;
    for (int place = 0; place < glance->count; place++) {
        Target *target = &glance->targets[place];
        if (target->entry->alive && target->entry->mapped
            && !((!objects->any_unknown || target->entry->again) && hs_can_be_piece(target)
                 && !hs_may_be_watched(objects, target->entry) && write_known(objects, target))) {
            return 0;
        }
    }
    return 1;
}
