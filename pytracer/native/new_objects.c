/* How does an object that is new to the log come into it at a glance?
 *
 * Its entry, its shadow and its NEW event are made in one go, and so are those of the new objects that
 * it brings along. Nothing here runs code, lets go of the GIL or fails: what is not of the common shapes
 * is taken back as if nothing had been, and left for objects.c, which writes the same events. */
#include "simple_values.h"

enum { MOST_OBJECTS = 16, MOST_PARTS = 32, MOST_TEXTS = 8 };
/* What an object takes at most: its head, and for each part a name and a value. */
enum { OBJECT_ROOM = 64 + MOST_PARTS * 24 };

typedef struct {
    HsObjects *objects;
    HsBuffer *buffer;
    uint8_t *to;
    int count;
    int text_count;
    HsEntry *entries[MOST_OBJECTS]; /* borrowed: `made_now` has them */
    PyObject *texts[MOST_TEXTS];    /* that the block's table has from here: borrowed, it holds them */
    Py_ssize_t length;              /* what is taken back to */
    Py_ssize_t made;
    Py_ssize_t touched;
    int64_t next;
} Birth;

/* ---- Which objects ---- */

static inline int
are_inline(PyObject *value, HsLayout *layout, HsObjects *objects)
{
    PyDictValues *values = hs_inline_values(value, Py_TYPE(value));
    if (layout->dict_getter == NULL || layout->slot_count > 0 || values == NULL
        || hs_made_dict(value) != NULL) {
        return 0;
    }
    int count = hs_inline_count(values);
    return count <= MOST_PARTS && count <= objects->max_items;
}

static inline int
are_members(HsLayout *layout, HsObjects *objects)
{
    if (!layout->distinct || layout->slot_count > MOST_PARTS
        || layout->slot_count > objects->max_items) {
        return 0;
    }
    for (Py_ssize_t place = 0; place < layout->slot_count; place++) {
        if (layout->members[place] == NULL || layout->members[place]->type != Py_T_OBJECT_EX) {
            return 0;
        }
    }
    return 1;
}

/* Can the shadow of an object be read here? */
static inline int
is_common(HsObjects *objects, PyObject *value, HsLayout *layout)
{
    PyTypeObject *type = Py_TYPE(value);
    if (type == &PyTuple_Type || type == &PyList_Type) {
        return Py_SIZE(value) <= MOST_PARTS && Py_SIZE(value) <= objects->max_items;
    }
    if (type == &PyDict_Type) {
        return PyDict_GET_SIZE(value) <= MOST_PARTS && PyDict_GET_SIZE(value) <= objects->max_items
               && !hs_is_split(value);
    }
    if (type == &PySet_Type) {
        return PySet_GET_SIZE(value) == 0;
    }
    return layout->kind == K_INSTANCE && layout->python_class && !layout->hides
           && (hs_has_dict(layout) ? are_inline(value, layout, objects)
                                   : are_members(layout, objects));
}

/* The layout of a type when C has made it ready already: borrowed, or NULL. */
static inline HsLayout *
layout_at_hand(PyTypeObject *type)
{
    HsLayout *layout = (HsLayout *)hs_map_get((HsIdMap *)hs.layouts, type);
    return layout != NULL && layout->ready
                   && ((PyWeakReference *)layout->ref)->wr_object == (PyObject *)type
               ? layout
               : NULL;
}

/* ---- Their entries ---- */

/* ObjectTable._add: borrowed, NULL when it cannot be done at a glance. */
static HsEntry *
add(Birth *birth, PyObject *value)
{
    HsObjects *objects = birth->objects;
    HsLayout *layout = layout_at_hand(Py_TYPE(value));
    if (layout == NULL || birth->count == MOST_OBJECTS || !layout->tells || layout->holds_weakly
        || !is_common(objects, value, layout)) {
        return NULL;
    }
    HsEntry *entry = hs_new_entry(objects, value, layout, layout->kind);
    if (entry == NULL) {
        return NULL;
    }
    entry->told = 1;
    int is_kept = hs_push(objects->made_now, (PyObject *)entry);
    Py_DECREF(entry);
    if (!is_kept) {
        return NULL;
    }
    birth->entries[birth->count++] = entry;
    if (hs_map_add((HsIdMap *)objects->by_id, value, (PyObject *)entry) < 0
        || (objects->any_unknown && hs_put_by_number(objects->recompared, entry) < 0)) {
        return NULL;
    }
    entry->again = objects->any_unknown;
    return entry;
}

/* ---- Their values ---- */

/* Has the buffer room for all that an object takes, new texts aside? */
static inline int
reserve(Birth *birth)
{
    birth->buffer->length = birth->to - birth->buffer->bytes;
    birth->to = hs_room(birth->buffer, OBJECT_ROOM);
    return birth->to != NULL;
}

/* A text that the block's table does not have yet. */
static int
put_new_text(Birth *birth, PyObject *text)
{
    HsWriter *writer = hs_writer_of(birth->objects);
    if (!PyUnicode_CheckExact(text) || !PyUnicode_IS_COMPACT_ASCII(text)
        || PyUnicode_GET_LENGTH(text) > HS_MAX_TABLE_STRING || birth->text_count == MOST_TEXTS) {
        return 0;
    }
    birth->buffer->length = birth->to - birth->buffer->bytes;
    if (hs_put_new_str(writer, text) < 0) {
        return 0;
    }
    writer->new_texts = 1;
    birth->texts[birth->text_count++] = text;
    birth->to = birth->buffer->bytes + birth->buffer->length;
    return reserve(birth);
}

/* What is no scalar or known object: what shadows hold for it, borrowed; NULL it is not simple. */
static PyObject *
put_new(Birth *birth, PyObject *value)
{
    if (PyUnicode_CheckExact(value)) {
        if (PyUnicode_GET_LENGTH(value) > birth->objects->short_length) {
            return NULL;
        }
        *birth->to++ = V_STR;
        return put_new_text(birth, value) ? value : NULL;
    }
    HsEntry *entry = hs_is_scalar(value) ? NULL : add(birth, value);
    if (entry == NULL) {
        return NULL;
    }
    *birth->to++ = V_OBJECT;
    birth->to = hs_uv_to(birth->to, (uint64_t)entry->oid);
    return (PyObject *)entry;
}

/* Writes a value into the event: what shadows hold for it, a new reference; NULL it is not simple. */
static inline PyObject *
put(Birth *birth, PyObject *value)
{
    PyObject *known;
    uint8_t *to = hs_simple_to(birth->to, birth->objects, value, &known);
    if (to != NULL) {
        birth->to = to;
    }
    else {
        known = put_new(birth, value);
    }
    return Py_XNewRef(known);
}

static inline int
put_name(Birth *birth, PyObject *name)
{
    int64_t place = hs_place_of_str(hs_writer_of(birth->objects), name);
    if (place < 0) {
        return put_new_text(birth, name);
    }
    birth->to = hs_uv_to(birth->to, (uint64_t)place);
    return 1;
}

/* ---- Their shadows, as they are written ---- */

static inline void
put_counts(Birth *birth, Py_ssize_t count)
{
    birth->to = hs_uv_to(hs_uv_to(birth->to, (uint64_t)count), (uint64_t)count);
}

static int
put_items(Birth *birth, HsEntry *entry, PyObject *const *items, Py_ssize_t count)
{
    entry->items = hs_new_row(count);
    if (entry->items == NULL) {
        return 0;
    }
    entry->total = count;
    put_counts(birth, count);
    int settled = entry->kind == K_TUPLE;
    for (Py_ssize_t place = 0; place < count; place++) {
        PyObject *known = put(birth, items[place]);
        if (known == NULL) {
            return 0;
        }
        PyList_SET_ITEM(entry->items, place, known);
        settled = settled && !hs_is_entry(known);
    }
    entry->settled = (char)settled;
    return 1;
}

/* New objects among the keys would be numbered before those among the values. */
static inline int
is_key_at_hand(Birth *birth, PyObject *key)
{
    return hs_is_scalar(key) || hs_entry_at(birth->objects, key) != NULL;
}

static int
put_pairs(Birth *birth, HsEntry *entry, PyObject *dict)
{
    Py_ssize_t count = PyDict_GET_SIZE(dict), at = 0, place = 0;
    PyObject *key, *item;
    entry->keys = hs_new_row(count);
    entry->items = hs_new_row(count);
    if (entry->keys == NULL || entry->items == NULL) {
        return 0;
    }
    entry->total = count;
    put_counts(birth, count);
    for (; place < count && PyDict_Next(dict, &at, &key, &item); place++) {
        PyObject *known = is_key_at_hand(birth, key) ? put(birth, key) : NULL;
        if (known == NULL) {
            return 0;
        }
        PyList_SET_ITEM(entry->keys, place, known);
        if ((known = put(birth, item)) == NULL) {
            return 0;
        }
        PyList_SET_ITEM(entry->items, place, known);
    }
    return place == count;
}

/* The place behind the attributes so far: takes over nothing. */
static int
put_attr(Birth *birth, HsEntry *entry, Py_ssize_t place, PyObject *name, PyObject *value)
{
    PyList_SET_ITEM(entry->attr_names, place, Py_NewRef(name));
    PyObject *known = put_name(birth, name) ? put(birth, value) : NULL;
    PyList_SET_ITEM(entry->attrs, place, known);
    return known != NULL;
}

/* Begins the attributes, of which there are so many. */
static int
begin_attrs(Birth *birth, HsEntry *entry, Py_ssize_t count)
{
    entry->attr_names = hs_new_row(count);
    entry->attrs = hs_new_row(count);
    entry->attr_total = count;
    put_counts(birth, count);
    return entry->attr_names != NULL && entry->attrs != NULL;
}

static int
put_inline(Birth *birth, HsEntry *entry, PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    PyDictValues *values = hs_inline_values(object, type);
    PyDictUnicodeEntry *names = DK_UNICODE_ENTRIES(hs_inline_names(type));
    int count = hs_inline_count(values);
    if (!begin_attrs(birth, entry, count)) {
        return 0;
    }
    for (int place = 0; place < count; place++) {
        int index = hs_inline_index(values, place);
        if (!put_attr(birth, entry, place, names[index].me_key, values->values[index])) {
            return 0;
        }
    }
    return 1;
}

static inline PyObject *
member_of(PyObject *object, HsLayout *layout, Py_ssize_t place)
{
    return *(PyObject **)((char *)object + layout->members[place]->offset);
}

static int
put_members(Birth *birth, HsEntry *entry, PyObject *object, HsLayout *layout)
{
    Py_ssize_t count = 0, next = 0;
    for (Py_ssize_t place = 0; place < layout->slot_count; place++) {
        count += member_of(object, layout, place) != NULL;
    }
    if (!begin_attrs(birth, entry, count)) {
        return 0;
    }
    for (Py_ssize_t place = 0; place < layout->slot_count; place++) {
        PyObject *value = member_of(object, layout, place);
        PyObject *name = PyTuple_GET_ITEM(PyTuple_GET_ITEM(layout->slots, place), 0);
        if (value != NULL && !put_attr(birth, entry, next++, name, value)) {
            return 0;
        }
    }
    return 1;
}

static int
put_shadow(Birth *birth, HsEntry *entry, PyObject *value)
{
    switch (entry->kind) {
    case K_TUPLE:
        return put_items(birth, entry, ((PyTupleObject *)value)->ob_item, PyTuple_GET_SIZE(value));
    case K_LIST:
        return put_items(birth, entry, ((PyListObject *)value)->ob_item, PyList_GET_SIZE(value));
    case K_SET:
        return put_items(birth, entry, NULL, 0);
    case K_DICT:
        return put_pairs(birth, entry, value);
    default: {
        HsLayout *layout = (HsLayout *)entry->layout;
        return hs_has_dict(layout) ? put_inline(birth, entry, value)
                                   : put_members(birth, entry, value, layout);
    }
    }
}

/* The NEW event of an entry, by which its shadow is made. */
static int
put_object(Birth *birth, HsEntry *entry)
{
    HsObjects *objects = birth->objects;
    PyObject *value = (PyObject *)(uintptr_t)entry->key, *cls = NULL;
    if (!reserve(birth) || objects->touched_count == objects->touched_room) {
        return 0;
    }
    if (((HsLayout *)entry->layout)->names_class) {
        cls = (PyObject *)hs_entry_at(objects, (PyObject *)Py_TYPE(value));
        if (cls == NULL) {
            return 0;
        }
    }
    *birth->to++ = OP_NEW;
    birth->to = hs_uv_to(birth->to, (uint64_t)entry->oid);
    *birth->to++ = (uint8_t)entry->kind;
    if (!put_name(birth, entry->type_name)) {
        return 0;
    }
    *birth->to++ = (uint8_t)((entry->kind == K_INSTANCE ? PART_ATTRS : PART_ITEMS)
                             | (cls != NULL ? PART_CLASS : 0));
    if (!put_shadow(birth, entry, value)) {
        return 0;
    }
    if (cls != NULL) {
        entry->cls = Py_NewRef(cls);
        *birth->to++ = V_OBJECT;
        birth->to = hs_uv_to(birth->to, (uint64_t)((HsEntry *)cls)->oid);
    }
    entry->block = hs_writer_of(objects)->block;
    objects->touched_at[objects->touched_count++] = (HsTouched){entry->oid, 0};
    return 1;
}

/* ---- All of them, or none ---- */

static void
take_back(Birth *birth)
{
    HsObjects *objects = birth->objects;
    PyErr_Clear();
    for (int place = 0; place < birth->text_count; place++) {
        if (PyDict_DelItem(hs_writer_of(objects)->strings, birth->texts[place]) < 0) {
            PyErr_Clear();
        }
    }
    for (int place = 0; place < birth->count; place++) {
        HsEntry *entry = birth->entries[place];
        if (entry->mapped) {
            Py_XDECREF(hs_map_pop((HsIdMap *)objects->by_id, (void *)(uintptr_t)entry->key));
        }
        if (entry->again && hs_drop_number(objects->recompared, entry) < 0) {
            PyErr_Clear();
            birth->buffer->failed = 1;
        }
        /* They may lead to one another. */
        Py_CLEAR(entry->items);
        Py_CLEAR(entry->keys);
        Py_CLEAR(entry->attrs);
    }
    hs_cut_list(objects->made_now, birth->made);
    objects->next = birth->next;
    objects->touched_count = birth->touched;
    birth->buffer->length = birth->length;
}

HsEntry *
hs_make_known(HsObjects *objects, PyObject *value)
{
    HsBuffer *buffer = hs_buffer_of(objects);
    if (!hs_alloc_is_quiet() || !hs_is_told(objects)
        || PyList_GET_SIZE(objects->queue) > 0) {
        return NULL;
    }
    Birth birth;
    birth.objects = objects;
    birth.buffer = buffer;
    birth.to = buffer->bytes + buffer->length;
    birth.count = birth.text_count = 0;
    birth.length = buffer->length;
    birth.made = PyList_GET_SIZE(objects->made_now);
    birth.touched = objects->touched_count;
    birth.next = objects->next;
    HsEntry *entry = add(&birth, value);
    int done = entry != NULL;
    for (int place = 0; done && place < birth.count; place++) {
        done = put_object(&birth, birth.entries[place]);
    }
    if (!done) {
        take_back(&birth);
        return NULL;
    }
    buffer->length = birth.to - buffer->bytes;
    objects->events += birth.count;
    objects->uncommitted = 1;
    return entry;
}
