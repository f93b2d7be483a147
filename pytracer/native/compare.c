/* What has changed in an object since the log last spoke of it? Asked of ObjectTable.compare.
 *
 * What is found is written as the Python half writes it, event for event. Before anything that may
 * allocate objects, the live values are held: a collection could run code of the program. */
#include "hindsight.h"
#include "peek.h"
#include "internals.h"

/* A few live values of the program, each a new reference. */
typedef struct {
    PyObject **at;
    Py_ssize_t count;
    Py_ssize_t capacity;
    PyObject *few[16];
} Values;

static void
values_begin(Values *values)
{
    values->at = values->few;
    values->count = 0;
    values->capacity = (Py_ssize_t)Py_ARRAY_LENGTH(values->few);
}

static void
values_end(Values *values)
{
    for (Py_ssize_t place = 0; place < values->count; place++) {
        Py_DECREF(values->at[place]);
    }
    if (values->at != values->few) {
        PyMem_RawFree(values->at);
    }
}

static int
values_room(Values *values, Py_ssize_t capacity)
{
    if (capacity <= values->capacity) {
        return 0;
    }
    int is_first = values->at == values->few;
    PyObject **grown = PyMem_RawRealloc(is_first ? NULL : values->at,
                                        sizeof(PyObject *) * (size_t)capacity);
    if (grown == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    if (is_first) {
        memcpy(grown, values->few, sizeof(PyObject *) * (size_t)values->count);
    }
    values->at = grown;
    values->capacity = capacity;
    return 0;
}

static int
values_add(Values *values, PyObject *value)
{
    if (values->count == values->capacity && values_room(values, values->capacity * 2) < 0) {
        return -1;
    }
    values->at[values->count++] = Py_NewRef(value);
    return 0;
}

static inline Py_ssize_t
size_of(PyObject *list)
{
    return hs_is(list) ? PyList_GET_SIZE(list) : 0;
}

static inline PyObject **
items_of(PyObject *list)
{
    return hs_is(list) ? ((PyListObject *)list)->ob_item : NULL;
}

/* The shortest range that differs. */
typedef struct {
    Py_ssize_t start;
    Py_ssize_t stop_old;
    Py_ssize_t stop_new;
} Range;

static Range
difference(PyObject **old, Py_ssize_t old_count, PyObject **live, Py_ssize_t count)
{
    Py_ssize_t common = old_count < count ? old_count : count;
    Py_ssize_t start = 0, tail = 0;
    while (start < common && hs_shows(old[start], live[start])) {
        start++;
    }
    while (tail < common - start
           && hs_shows(old[old_count - 1 - tail], live[count - 1 - tail])) {
        tail++;
    }
    return (Range){start, old_count - tail, count - tail};
}

static HsBuffer *
change(HsObjects *objects, HsEntry *entry, int opcode)
{
    if (hs_begin_change(objects, entry) < 0) {
        return NULL;
    }
    HsBuffer *buffer = hs_buffer_of(objects);
    hs_u8(buffer, opcode);
    hs_uv(buffer, (uint64_t)entry->oid);
    return buffer;
}

/* What shadows hold for live values: a new list. */
static PyObject *
known_list(HsObjects *objects, PyObject **live, Py_ssize_t count)
{
    PyObject *list = PyList_New(count);
    for (Py_ssize_t place = 0; list != NULL && place < count; place++) {
        PyObject *known = hs_known(objects, live[place]);
        if (known == NULL) {
            Py_CLEAR(list);
            break;
        }
        PyList_SET_ITEM(list, place, known);
    }
    return list;
}

static int
lose_all(HsObjects *objects, PyObject *list)
{
    for (Py_ssize_t place = 0; place < PyList_GET_SIZE(list); place++) {
        if (hs_lost(objects, PyList_GET_ITEM(list, place)) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
put_range(HsObjects *objects, HsEntry *entry, Range range, PyObject *inserted)
{
    Py_ssize_t deleted = range.stop_old - range.start, count = PyList_GET_SIZE(inserted);
    int is_set = count == 1 && deleted == 1;
    int is_append = count == 1 && deleted == 0 && range.start == size_of(entry->items);
    HsBuffer *buffer =
        change(objects, entry, is_set ? OP_ITEM_SET : is_append ? OP_APPEND : OP_SPLICE);
    if (buffer == NULL) {
        return -1;
    }
    if (!is_append) {
        hs_uv(buffer, (uint64_t)range.start);
    }
    if (!is_append && !is_set) {
        hs_uv(buffer, (uint64_t)deleted);
        hs_uv(buffer, (uint64_t)count);
    }
    for (Py_ssize_t place = 0; place < count; place++) {
        if (hs_put_value(objects, PyList_GET_ITEM(inserted, place)) < 0) {
            return -1;
        }
    }
    return 0;
}

/* ObjectTable._items_changed: `inserted` are the known values of the range. */
static int
splice(HsObjects *objects, HsEntry *entry, Range range, PyObject *inserted, Py_ssize_t total)
{
    if (entry->items == NULL && (entry->items = PyList_New(0)) == NULL) {
        return -1;
    }
    PyObject *deleted = PyList_GetSlice(entry->items, range.start, range.stop_old);
    if (deleted == NULL) {
        return -1;
    }
    int done = 0;
    if (PyList_GET_SIZE(inserted) > 0 || PyList_GET_SIZE(deleted) > 0) {
        done = put_range(objects, entry, range, inserted);
        if (done == 0) {
            done = PyList_SetSlice(entry->items, range.start, range.stop_old, inserted);
            entry->total += PyList_GET_SIZE(inserted) - PyList_GET_SIZE(deleted);
        }
    }
    if (done == 0) {
        done = hs_correct_length(objects, entry, total);
    }
    if (done == 0) {
        done = lose_all(objects, deleted);
    }
    Py_DECREF(deleted);
    return done;
}

/* Scalars and known objects in the places of others: no list is needed. 1 done, 0 not so. */
static int
replace_range(HsObjects *objects, HsEntry *entry, PyObject **live, Range range)
{
    enum { MOST = 16 };
    PyObject *known[MOST];
    Py_ssize_t count = range.stop_new - range.start;
    if (range.stop_old != range.stop_new || count > MOST || count < 2) {
        return 0;
    }
    for (Py_ssize_t place = 0; place < count; place++) {
        PyObject *value = live[range.start + place];
        known[place] = hs_is_scalar(value) ? value : (PyObject *)hs_entry_at(objects, value);
        if (known[place] == NULL) {
            return 0;
        }
    }
    for (Py_ssize_t place = 0; place < count; place++) {
        Py_INCREF(known[place]);
    }
    HsBuffer *buffer = change(objects, entry, OP_SPLICE);
    int done = buffer == NULL ? -1 : 1;
    if (done > 0) {
        hs_uv(buffer, (uint64_t)range.start);
        hs_uv(buffer, (uint64_t)count);
        hs_uv(buffer, (uint64_t)count);
    }
    for (Py_ssize_t place = 0; place < count; place++) {
        if (done > 0 && hs_put_value(objects, known[place]) < 0) {
            done = -1;
        }
        PyObject *old = PyList_GET_ITEM(entry->items, range.start + place);
        PyList_SET_ITEM(entry->items, range.start + place, known[place]);
        known[place] = old;
    }
    for (Py_ssize_t place = 0; place < count; place++) {
        if (done > 0 && hs_lost(objects, known[place]) < 0) {
            done = -1;
        }
        Py_DECREF(known[place]);
    }
    return done;
}

/* What stands in a range that differs; `live` may be the program's own memory. */
static int
compare_range(HsObjects *objects, HsEntry *entry, PyObject **live, Range range, Py_ssize_t total)
{
    int replaced = entry->total == total ? replace_range(objects, entry, live, range) : 0;
    if (replaced != 0) {
        return replaced < 0 ? -1 : 0;
    }
    Values held;
    values_begin(&held);
    int done = values_room(&held, range.stop_new - range.start);
    for (Py_ssize_t place = range.start; done == 0 && place < range.stop_new; place++) {
        done = values_add(&held, live[place]);
    }
    PyObject *inserted = done == 0 ? known_list(objects, held.at, held.count) : NULL;
    done = inserted == NULL ? -1 : splice(objects, entry, range, inserted, total);
    Py_XDECREF(inserted);
    values_end(&held);
    return done;
}

/* Elements of a sequence or set; `live` may be the program's own memory. */
static int
compare_row(HsObjects *objects, HsEntry *entry, PyObject **live, Py_ssize_t count,
            Py_ssize_t total)
{
    PyObject **old = items_of(entry->items);
    Py_ssize_t kept = size_of(entry->items);
    Range range = difference(old, kept, live, count);
    if (range.start == kept && range.start == count) {
        return entry->total == total ? 0 : hs_correct_length(objects, entry, total);
    }
    return compare_range(objects, entry, live, range, total);
}

/* ---- Mappings ---- */

static PyObject *
index_of(PyObject *keys)
{
    PyObject *index = PyDict_New();
    for (Py_ssize_t place = 0; index != NULL && place < size_of(keys); place++) {
        PyObject *key = PyList_GET_ITEM(keys, place);
        if (!PyUnicode_CheckExact(key)) {
            continue;
        }
        PyObject *number = PyLong_FromSsize_t(place);
        if (number == NULL || PyDict_SetItem(index, key, number) < 0) {
            Py_CLEAR(index);
        }
        Py_XDECREF(number);
    }
    return index;
}

static int
put_pairs(HsObjects *objects, HsEntry *entry, Range range, PyObject *keys, PyObject *values)
{
    Py_ssize_t deleted = range.stop_old - range.start, count = PyList_GET_SIZE(values);
    int is_append = count == 1 && deleted == 0 && range.start == size_of(entry->items);
    HsBuffer *buffer = change(objects, entry, is_append ? OP_APPEND : OP_SPLICE);
    if (buffer == NULL) {
        return -1;
    }
    if (!is_append) {
        hs_uv(buffer, (uint64_t)range.start);
        hs_uv(buffer, (uint64_t)deleted);
        hs_uv(buffer, (uint64_t)count);
    }
    for (Py_ssize_t place = 0; place < count; place++) {
        if (hs_put_value(objects, PyList_GET_ITEM(keys, place)) < 0
            || hs_put_value(objects, PyList_GET_ITEM(values, place)) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
replace_pairs(HsObjects *objects, HsEntry *entry, Range range, PyObject *keys, PyObject *values)
{
    if (put_pairs(objects, entry, range, keys, values) < 0
        || PyList_SetSlice(entry->keys, range.start, range.stop_old, keys) < 0
        || PyList_SetSlice(entry->items, range.start, range.stop_old, values) < 0) {
        return -1;
    }
    entry->total += PyList_GET_SIZE(values) - (range.stop_old - range.start);
    if (hs_is(entry->index)) {
        PyObject *index = index_of(entry->keys);
        if (index == NULL) {
            return -1;
        }
        hs_replace(&entry->index, index);
    }
    return 0;
}

/* The range in which keys or values differ. */
static Range
pairs_range(HsEntry *entry, Values *keys, Values *values)
{
    Py_ssize_t kept = size_of(entry->items);
    Range first = difference(items_of(entry->keys), size_of(entry->keys), keys->at, keys->count);
    Range second = difference(items_of(entry->items), kept, values->at, values->count);
    Py_ssize_t start = first.start < second.start ? first.start : second.start;
    Py_ssize_t old_tail = kept - (first.stop_old > second.stop_old ? first.stop_old
                                                                   : second.stop_old);
    Py_ssize_t new_tail = values->count - (first.stop_new > second.stop_new ? first.stop_new
                                                                            : second.stop_new);
    Py_ssize_t tail = old_tail < new_tail ? old_tail : new_tail;
    tail = tail < kept - start ? tail : kept - start;
    tail = tail < values->count - start ? tail : values->count - start;
    tail = tail > 0 ? tail : 0;
    return (Range){start, kept - tail, values->count - tail};
}

/* ObjectTable._pairs_changed. */
static int
pairs_changed(HsObjects *objects, HsEntry *entry, Values *live_keys, Values *live_values,
              Py_ssize_t total)
{
    if (!hs_is(entry->keys)) {
        hs_replace(&entry->keys, PyList_New(0));
    }
    if (entry->items == NULL) {
        entry->items = PyList_New(0);
    }
    if (entry->keys == NULL || entry->items == NULL) {
        return -1;
    }
    Range range = pairs_range(entry, live_keys, live_values);
    Py_ssize_t count = range.stop_new - range.start;
    PyObject *keys = known_list(objects, live_keys->at + range.start, count);
    PyObject *values = keys == NULL ? NULL
                                    : known_list(objects, live_values->at + range.start, count);
    PyObject *gone_keys = PyList_GetSlice(entry->keys, range.start, range.stop_old);
    PyObject *gone = PyList_GetSlice(entry->items, range.start, range.stop_old);
    int done = values == NULL || gone_keys == NULL || gone == NULL ? -1 : 0;
    if (done == 0 && (count > 0 || range.stop_old > range.start)) {
        done = replace_pairs(objects, entry, range, keys, values);
    }
    if (done == 0) {
        done = hs_correct_length(objects, entry, total);
    }
    if (done == 0) {
        done = lose_all(objects, gone_keys);
    }
    if (done == 0) {
        done = lose_all(objects, gone);
    }
    Py_XDECREF(keys);
    Py_XDECREF(values);
    Py_XDECREF(gone_keys);
    Py_XDECREF(gone);
    return done;
}

static int
read_pairs(PyObject *mapping, Py_ssize_t limit, Values *keys, Values *values)
{
    PyObject *key, *value;
    Py_ssize_t at = 0, seen = 0;
    while (seen++ < limit && hs_dict_next(mapping, &at, &key, &value)) {
        if (values_add(keys, key) < 0 || values_add(values, value) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
pairs_anew(HsObjects *objects, HsEntry *entry, PyObject *mapping)
{
    Values keys, values;
    values_begin(&keys);
    values_begin(&values);
    Py_ssize_t limit = (Py_ssize_t)objects->max_items, total = PyDict_GET_SIZE(mapping);
    Py_ssize_t count = total < limit ? total : limit;
    int done = values_room(&keys, count) < 0 || values_room(&values, count) < 0
                       || read_pairs(mapping, limit, &keys, &values) < 0
                   ? -1
                   : pairs_changed(objects, entry, &keys, &values, total);
    values_end(&keys);
    values_end(&values);
    return done;
}

/* Values that differ although the keys are the same: where, and what they are now. */
typedef struct {
    Py_ssize_t place[8];
    PyObject *value[8];
    int count;
} Changed;

/* 1: the keys are the same and only a few values differ, 0 not so. */
static int
find_changed(HsEntry *entry, PyObject *mapping, Py_ssize_t count, Changed *changed)
{
    PyObject **keys = items_of(entry->keys), **values = items_of(entry->items);
    PyObject *key, *value;
    Py_ssize_t at = 0;
    changed->count = 0;
    for (Py_ssize_t place = 0; place < count; place++) {
        if (!hs_dict_next(mapping, &at, &key, &value) || !hs_shows(keys[place], key)) {
            return 0;
        }
        if (!hs_shows(values[place], value)) {
            if (changed->count == 8) {
                return 0;
            }
            changed->place[changed->count] = place;
            changed->value[changed->count++] = value;
        }
    }
    return 1;
}

static int
set_changed(HsObjects *objects, HsEntry *entry, Changed *changed)
{
    for (int place = 0; place < changed->count; place++) {
        Py_INCREF(changed->value[place]);
    }
    int done = 0;
    for (int place = 0; place < changed->count; place++) {
        if (done == 0) {
            done = hs_set_item(objects, entry, changed->place[place], changed->value[place]);
        }
        Py_DECREF(changed->value[place]);
    }
    return done;
}

/* The Python half sets up to an eighth of all values one by one. */
static int
set_many(HsObjects *objects, HsEntry *entry, PyObject *mapping, Py_ssize_t count)
{
    Values keys, values;
    values_begin(&keys);
    values_begin(&values);
    int done = read_pairs(mapping, count, &keys, &values);
    Py_ssize_t differing = 0;
    for (Py_ssize_t place = 0; done == 0 && place < count; place++) {
        done = hs_shows(PyList_GET_ITEM(entry->keys, place), keys.at[place]) ? 0 : 1;
        differing += !hs_shows(PyList_GET_ITEM(entry->items, place), values.at[place]);
    }
    if (done == 0 && differing > 8 && differing > count >> 3) {
        done = 1;
    }
    for (Py_ssize_t place = 0; done == 0 && place < count; place++) {
        if (!hs_shows(PyList_GET_ITEM(entry->items, place), values.at[place])) {
            done = hs_set_item(objects, entry, place, values.at[place]);
        }
    }
    values_end(&keys);
    values_end(&values);
    return done;
}

static int
compare_all_pairs(HsObjects *objects, HsEntry *entry, PyObject *mapping)
{
    Py_ssize_t total = PyDict_GET_SIZE(mapping), limit = (Py_ssize_t)objects->max_items;
    Py_ssize_t count = total < limit ? total : limit, kept = size_of(entry->keys);
    if (total == entry->total && count == kept) {
        Changed changed = {{0}, {NULL}, 0};
        if (find_changed(entry, mapping, count, &changed)) {
            return set_changed(objects, entry, &changed);
        }
        int done = set_many(objects, entry, mapping, count);
        return done <= 0 ? done : pairs_anew(objects, entry, mapping);
    }
    return pairs_anew(objects, entry, mapping);
}

static int
compare_pairs(HsObjects *objects, HsEntry *entry, PyObject *mapping)
{
    /* Where names are shared the version tells nothing. */
    uint64_t version = hs_is_split(mapping) ? 0 : hs_dict_version(mapping);
    if (version != 0 && version == entry->version) {
        return 0;
    }
    int done = compare_all_pairs(objects, entry, mapping);
    entry->version = done == 0 ? version : 0;
    return done;
}

/* ---- Attributes ---- */

static int
same_name(PyObject *one, PyObject *other)
{
    return one == other || PyUnicode_Compare(one, other) == 0;
}

/* ObjectTable._set_attr: the shadow holds something for this place already. */
static int
set_attr(HsObjects *objects, HsEntry *entry, PyObject *name, Py_ssize_t place, PyObject *value)
{
    PyObject *known = hs_known(objects, value);
    if (known == NULL) {
        return -1;
    }
    if (change(objects, entry, OP_ATTR_SET) == NULL
        || hs_put_str(hs_writer_of(objects), name) < 0 || hs_put_value(objects, known) < 0) {
        Py_DECREF(known);
        return -1;
    }
    PyObject *old = PyList_GET_ITEM(entry->attrs, place);
    PyList_SET_ITEM(entry->attrs, place, known);
    int noted = hs_lost(objects, old);
    Py_DECREF(old);
    return noted;
}

int
hs_make_attr_rows(HsEntry *entry)
{
    if (entry->attr_names == NULL && (entry->attr_names = hs_new_row(0)) == NULL) {
        return -1;
    }
    return entry->attrs == NULL && (entry->attrs = hs_new_row(0)) == NULL ? -1 : 0;
}

static int
append_attr(HsEntry *entry, PyObject *name)
{
    if (hs_make_attr_rows(entry) < 0 || PyList_Append(entry->attr_names, name) < 0
        || PyList_Append(entry->attrs, hs.unbound) < 0) {
        return -1;
    }
    entry->attr_total++;
    return 0;
}

/* Are the names of the shadow the first of the live ones? */
static int
is_prefix(HsEntry *entry, HsAttrs *attrs)
{
    Py_ssize_t kept = size_of(entry->attr_names);
    if (kept > attrs->count) {
        return 0;
    }
    for (Py_ssize_t place = 0; place < kept; place++) {
        if (!same_name(PyList_GET_ITEM(entry->attr_names, place), attrs->at[place].name)) {
            return 0;
        }
    }
    return 1;
}

/* ObjectTable._replace_attrs. */
static int
replace_attrs(HsObjects *objects, HsEntry *entry, HsAttrs *attrs)
{
    PyObject *names = PyList_New(0), *known = PyList_New(0);
    int done = names == NULL || known == NULL ? -1 : 0;
    for (Py_ssize_t place = 0; done == 0 && place < attrs->count; place++) {
        PyObject *value = hs_known(objects, attrs->at[place].value);
        done = value == NULL || PyList_Append(known, value) < 0
                       || PyList_Append(names, attrs->at[place].name) < 0
                   ? -1
                   : 0;
        Py_XDECREF(value);
    }
    if (done < 0 || hs_begin_change(objects, entry) < 0) {
        Py_XDECREF(names);
        Py_XDECREF(known);
        return -1;
    }
    objects->events--;
    PyObject *old = entry->attrs;
    entry->attrs = known;
    hs_replace(&entry->attr_names, names);
    entry->attr_total = attrs->total;
    done = hs_contents_event(objects, entry, WHY_CHANGED);
    if (done == 0 && hs_is(old)) {
        done = lose_all(objects, old);
    }
    Py_XDECREF(old);
    return done;
}

static int
delete_attr(HsObjects *objects, HsEntry *entry, Py_ssize_t place)
{
    if (change(objects, entry, OP_ATTR_DEL) == NULL
        || hs_put_str(hs_writer_of(objects), PyList_GET_ITEM(entry->attr_names, place)) < 0) {
        return -1;
    }
    PyObject *old = Py_NewRef(PyList_GET_ITEM(entry->attrs, place));
    int done = PyList_SetSlice(entry->attr_names, place, place + 1, NULL) < 0
                       || PyList_SetSlice(entry->attrs, place, place + 1, NULL) < 0
                   ? -1
                   : hs_lost(objects, old);
    entry->attr_total--;
    Py_DECREF(old);
    return done;
}

/* Deletes the names that are not there any more: 1 done, 0 the others come in another order. */
static int
delete_attrs(HsObjects *objects, HsEntry *entry, HsAttrs *attrs)
{
    PyObject *left = PySet_New(NULL);
    int done = left == NULL ? -1 : 0;
    for (Py_ssize_t place = 0; done == 0 && place < attrs->count; place++) {
        done = PySet_Add(left, attrs->at[place].name);
    }
    Py_ssize_t kept = 0;
    done = done < 0 ? -1 : 1;
    for (Py_ssize_t place = 0; done > 0 && place < size_of(entry->attr_names); place++) {
        PyObject *name = PyList_GET_ITEM(entry->attr_names, place);
        int stays = PySet_Contains(left, name);
        done = stays <= 0 ? stays + 1
                          : kept < attrs->count && same_name(name, attrs->at[kept++].name);
    }
    for (Py_ssize_t place = 0; done > 0 && place < size_of(entry->attr_names);) {
        int stays = PySet_Contains(left, PyList_GET_ITEM(entry->attr_names, place));
        if (stays > 0) {
            place++;
        }
        else {
            done = stays < 0 || delete_attr(objects, entry, place) < 0 ? -1 : 1;
        }
    }
    Py_XDECREF(left);
    return done;
}

/* ObjectTable._compare_attrs, once the attributes are read. */
static int
compare_names(HsObjects *objects, HsEntry *entry, HsAttrs *attrs)
{
    Py_ssize_t kept = size_of(entry->attrs);
    int is_whole = entry->attr_total == kept && attrs->total == attrs->count;
    int is_same = attrs->count == kept && attrs->total == entry->attr_total;
    int follows = is_prefix(entry, attrs) && (is_same || is_whole);
    if (!follows) {
        int deleted = is_whole ? delete_attrs(objects, entry, attrs) : 0;
        if (deleted <= 0) {
            return deleted < 0 ? -1 : replace_attrs(objects, entry, attrs);
        }
    }
    for (Py_ssize_t place = 0; place < attrs->count; place++) {
        PyObject *name = attrs->at[place].name;
        if (place >= size_of(entry->attrs) && append_attr(entry, name) < 0) {
            return -1;
        }
        PyObject *value = attrs->at[place].value;
        if (!hs_shows(PyList_GET_ITEM(entry->attrs, place), value)
            && set_attr(objects, entry, name, place, value) < 0) {
            return -1;
        }
    }
    return 0;
}

static int compare_items(HsObjects *objects, HsEntry *entry, PyObject *value, Py_ssize_t *seen);

/* The instance's dict is its own: a dict that is known under both names is compared as well. */
static int
compare_owned(HsObjects *objects, HsEntry *entry, PyObject *value, HsLayout *layout)
{
    PyObject *owned = hs_known_dict(value, layout);
    if (owned == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    HsIdMap *owners = (HsIdMap *)objects->owners;
    int done = hs_map_get(owners, owned) == (PyObject *)entry
                   ? 0
                   : hs_map_set(owners, owned, (PyObject *)entry);
    HsEntry *alias = hs_entry_at(objects, owned);
    if (done == 0 && alias != NULL && alias->kind == K_DICT) {
        Py_ssize_t ignored = 0;
        done = compare_items(objects, alias, owned, &ignored);
    }
    Py_DECREF(owned);
    return done;
}

static int
ask_for(HsObjects *objects, const char *method, HsEntry *entry, PyObject *value, Py_ssize_t *seen)
{
    PyObject *looked = hs_answer(objects, method, (PyObject *)entry, value, NULL);
    if (looked == NULL) {
        return -1;
    }
    *seen += PyLong_Check(looked) ? PyLong_AsSsize_t(looked) : 0;
    Py_DECREF(looked);
    return PyErr_Occurred() ? -1 : 0;
}

/* Do values that share their names with others match the shadow of attributes? */
static int
values_stay(HsEntry *entry, PyDictKeysObject *keys, PyDictValues *values)
{
    PyDictUnicodeEntry *names = DK_UNICODE_ENTRIES(keys);
    Py_ssize_t count = hs_inline_count(values);
    if (count != size_of(entry->attrs)) {
        return 0;
    }
    PyObject **known_names = items_of(entry->attr_names), **known = items_of(entry->attrs);
    for (int place = 0; place < count; place++) {
        int index = hs_inline_index(values, place);
        if (known_names[place] != names[index].me_key
            || !hs_shows(known[place], values->values[index])) {
            return 0;
        }
    }
    return 1;
}

/* What is behind another slot than those of Python: a new reference, NULL when it is unbound. */
static PyObject *
slot_of_c(PyObject *value, PyMemberDef *member, PyObject *get)
{
    PyObject *live = member != NULL ? PyMember_GetOne((const char *)value, member)
                                    : PyObject_CallOneArg(get, value);
    if (live == NULL) {
        PyErr_Clear();
    }
    return live;
}

/* Do the slots of an instance match the shadow, which lists those that are bound? */
static int
slots_stay(HsEntry *entry, PyObject *value, HsLayout *layout)
{
    PyObject **known_names = items_of(entry->attr_names), **known = items_of(entry->attrs);
    Py_ssize_t kept = size_of(entry->attrs), at = 0;
    int stays = 1;
    for (Py_ssize_t place = 0; stays && place < layout->slot_count; place++) {
        PyMemberDef *member = layout->members[place];
        PyObject *pair = PyTuple_GET_ITEM(layout->slots, place), *live, *made = NULL;
        if (member != NULL && member->type == Py_T_OBJECT_EX) {
            live = *(PyObject **)((char *)value + member->offset);
        }
        else {
            live = made = slot_of_c(value, member, PyTuple_GET_ITEM(pair, 1));
        }
        if (live != NULL) {
            stays = at < kept && known_names[at] == PyTuple_GET_ITEM(pair, 0)
                    && hs_shows(known[at], live);
            at++;
        }
        Py_XDECREF(made);
    }
    return stays && at == kept;
}

/* Can it be seen at a glance that the attributes of an instance are as the shadow has them? */
static int
attrs_stay(HsEntry *entry, PyObject *value, HsLayout *layout)
{
    if (layout->kind == K_CLASS || layout->kind == K_FUNCTION || layout->kind == K_EXCEPTION
        || entry->attr_total != size_of(entry->attrs)) {
        return 0;
    }
    if (!hs_has_dict(layout)) {
        return slots_stay(entry, value, layout);
    }
    if (layout->slot_count > 0 || layout->dict_getter == NULL) {
        return 0;
    }
    PyDictValues *values = hs_inline_values(value, Py_TYPE(value));
    return values != NULL && hs_made_dict(value) == NULL
           && values_stay(entry, hs_inline_names(Py_TYPE(value)), values);
}

/* The dict that holds all attributes of an instance, borrowed; NULL when there is none. */
static PyObject *
attrs_dict(PyObject *value, HsLayout *layout)
{
    if (layout->kind != K_INSTANCE || layout->dict_getter == NULL || layout->slot_count > 0
        || (Py_TYPE(value)->tp_flags & Py_TPFLAGS_MANAGED_DICT) == 0) {
        return NULL;
    }
    PyObject *made = hs_made_dict(value);
    return made != NULL && PyDict_CheckExact(made) ? made : NULL;
}

/* Can it be seen at a glance that such a dict is as the shadow has it? */
static int
dict_stays(HsEntry *entry, PyObject *dict)
{
    Py_ssize_t count = PyDict_GET_SIZE(dict), at = 0;
    if (count != size_of(entry->attrs) || count != entry->attr_total) {
        return 0;
    }
    if (hs_is_split(dict)) {
        return values_stay(entry, hs_dict_keys(dict), hs_split_values(dict));
    }
    PyObject **known_names = items_of(entry->attr_names), **known = items_of(entry->attrs);
    PyObject *name, *value;
    for (Py_ssize_t place = 0; place < count; place++) {
        if (!hs_dict_next(dict, &at, &name, &value) || name != known_names[place]
            || !hs_shows(known[place], value)) {
            return 0;
        }
    }
    return 1;
}

/* Has nothing been stored in a class since it was last compared? The tag is taken from it by each
 * store, and no other class gets it (PyType_Modified). */
static inline int
has_class_version(HsEntry *entry, PyTypeObject *cls)
{
    return entry->version != 0 && entry->version == cls->tp_version_tag;
}

static int
compare_attrs(HsObjects *objects, HsEntry *entry, PyObject *value, Py_ssize_t *seen)
{
    HsLayout *layout = (HsLayout *)entry->layout;
    if (!layout->ready || (layout->kind == K_CLASS && !entry->own_class)) {
        return ask_for(objects, "_compare_attrs", entry, value, seen);
    }
    if (!hs_has_dict(layout) && layout->slot_count == 0 && layout->kind != K_FUNCTION
        && layout->kind != K_EXCEPTION && layout->kind != K_CLASS && size_of(entry->attr_names) == 0) {
        return 0;
    }
    if (layout->kind == K_CLASS && has_class_version(entry, (PyTypeObject *)value)) {
        *seen += size_of(entry->attrs);
        return 0;
    }
    if (attrs_stay(entry, value, layout)) {
        *seen += size_of(entry->attrs);
        return 0;
    }
    PyObject *dict = attrs_dict(value, layout);
    /* Where names are shared the version tells nothing. */
    uint64_t version = dict == NULL || hs_is_split(dict) ? 0 : hs_dict_version(dict);
    if ((version != 0 && version == entry->version) || (dict != NULL && dict_stays(entry, dict))) {
        entry->version = version;
        *seen += size_of(entry->attrs);
        return compare_owned(objects, entry, value, layout);
    }
    HsAttrs attrs;
    Py_ssize_t limit = (Py_ssize_t)objects->max_items;
    int read = layout->kind == K_CLASS
                   ? hs_read_class_attrs((PyTypeObject *)value, limit, &attrs)
                   : hs_read_attrs(value, layout, limit, &attrs);
    int done = read < 0 ? -1 : 0;
    if (read > 0) {
        *seen += attrs.count;
        done = compare_owned(objects, entry, value, layout) < 0
                   ? -1
                   : compare_names(objects, entry, &attrs);
        if (layout->kind == K_CLASS) {
            version = ((PyTypeObject *)value)->tp_version_tag;
        }
        if (version != 0) {
            entry->version = done == 0 ? version : 0;
        }
    }
    hs_free_attrs(&attrs);
    return read == 0 ? ask_for(objects, "_compare_attrs", entry, value, seen) : done;
}

/* ---- One piece of an object ---- */

int
hs_compare_places(HsObjects *objects, HsEntry *entry, PyObject *list, Py_ssize_t first,
                  Py_ssize_t last)
{
    PyObject **old = items_of(entry->items), **live = ((PyListObject *)list)->ob_item;
    Py_ssize_t kept = size_of(entry->items), size = PyList_GET_SIZE(list);
    if (size != entry->total || (kept != size && kept != objects->max_items)) {
        return 0;
    }
    last = last < kept ? last : kept - 1;
    hs_narrow(old, live, &first, &last);
    if (first > last) {
        return 1;
    }
    if (first == last) {
        PyObject *item = Py_NewRef(live[first]);
        int set = hs_set_item(objects, entry, first, item);
        Py_DECREF(item);
        return set < 0 ? -1 : 1;
    }
    Range range = {first, last + 1, last + 1};
    return compare_range(objects, entry, live, range, size) < 0 ? -1 : 1;
}

/* The size of a list, dict, set or deque. */
static inline Py_ssize_t
live_size(PyObject *container)
{
    return PyList_CheckExact(container)   ? PyList_GET_SIZE(container)
           : PyDict_CheckExact(container) ? PyDict_GET_SIZE(container)
           : PySet_CheckExact(container)  ? PySet_GET_SIZE(container)
                                          : hs.deque->tp_as_sequence->sq_length(container);
}

int
hs_size_stays(HsEntry *entry, PyObject *container)
{
    return live_size(container) == entry->total;
}

int
hs_compare_pop(HsObjects *objects, HsEntry *entry, PyObject *sequence, int is_left)
{
    Py_ssize_t size = live_size(sequence);
    if (size != entry->total - 1 || size_of(entry->items) != entry->total) {
        return 0;
    }
    Py_ssize_t place = is_left ? 0 : size;
    HsBuffer *buffer = change(objects, entry, OP_SPLICE);
    if (buffer == NULL) {
        return -1;
    }
    hs_uv(buffer, (uint64_t)place);
    hs_uv(buffer, 1);
    hs_uv(buffer, 0);
    PyObject *gone = Py_NewRef(PyList_GET_ITEM(entry->items, place));
    int done = PyList_SetSlice(entry->items, place, place + 1, NULL);
    entry->total = size;
    if (done == 0) {
        done = hs_lost(objects, gone);
    }
    Py_DECREF(gone);
    return done < 0 ? -1 : 1;
}

int
hs_compare_end(HsObjects *objects, HsEntry *entry, PyObject *sequence)
{
    Py_ssize_t size = live_size(sequence), kept = size_of(entry->items);
    if (size != entry->total + 1) {
        return 0;
    }
    if (kept == objects->max_items) {
        return hs_correct_length(objects, entry, size) < 0 ? -1 : 1;
    }
    if (kept != entry->total) {
        return 0;
    }
    PyObject *item = PyList_CheckExact(sequence)
                         ? Py_NewRef(PyList_GET_ITEM(sequence, size - 1))
                         : hs.deque->tp_as_sequence->sq_item(sequence, size - 1);
    if (item == NULL) {
        return -1;
    }
    int appended = hs_append_item(objects, entry, item);
    Py_DECREF(item);
    return appended < 0 ? -1 : 1;
}

Py_ssize_t
hs_find_pair(HsObjects *objects, HsEntry *entry, PyObject *dict, PyObject *key, PyObject **value)
{
    Py_ssize_t total = PyDict_GET_SIZE(dict), kept = size_of(entry->items);
    if (hs_owner_of(objects, dict) != NULL) {
        /* Attributes of an instance have changed with it. */
        return HS_NO_PLACE;
    }
    if (total == entry->total + 1) {
        PyObject *last;
        return kept == entry->total && kept < objects->max_items
                       && hs_last_pair(dict, &last, value) && last == key
                   ? HS_BEHIND
                   : HS_NO_PLACE;
    }
    if (total != entry->total || kept != (total < objects->max_items ? total : objects->max_items)) {
        return HS_NO_PLACE;
    }
    PyObject *own_key;
    Py_ssize_t place = hs_dict_entry(dict, key, &own_key, value);
    if (place < 0) {
        return HS_NO_PLACE;
    }
    /* Each pair that was deleted has left a gap, maybe before this one. */
    Py_ssize_t lowest = place - hs_dict_gaps(dict);
    if (lowest >= kept) {
        return HS_UNCHANGED;
    }
    lowest = lowest > 0 ? lowest : 0;
    PyObject **keys = items_of(entry->keys);
    place = place < kept ? place : kept - 1;
    while (place >= lowest && keys[place] != own_key) {
        place--;
    }
    return place < lowest ? HS_NO_PLACE : place;
}

int
hs_compare_pair(HsObjects *objects, HsEntry *entry, PyObject *dict, PyObject *key)
{
    PyObject *value;
    Py_ssize_t place = hs_find_pair(objects, entry, dict, key, &value);
    if (place < 0 && place != HS_BEHIND) {
        return place == HS_UNCHANGED;
    }
    if (place >= 0 && hs_shows(PyList_GET_ITEM(entry->items, place), value)) {
        return 1;
    }
    Py_INCREF(value);
    int set = place < 0 ? hs_append_pair(objects, entry, key, value)
                        : hs_set_item(objects, entry, place, value);
    Py_DECREF(value);
    return set < 0 ? -1 : 1;
}

/* Where the shadow has a name: HS_NO_PLACE when it has not. */
static inline Py_ssize_t
place_of_name(HsEntry *entry, PyObject *name, HsAttrSeen *seen)
{
    PyObject **names = items_of(entry->attr_names);
    Py_ssize_t kept = size_of(entry->attrs), place = 0;
    if (seen->place < kept && names[seen->place] == name) {
        return seen->place;
    }
    while (place < kept && names[place] != name) {
        place++;
    }
    return place == kept ? HS_NO_PLACE : (seen->place = place);
}

static inline PyObject *
value_of_slot(HsLayout *layout, PyObject *object, Py_ssize_t slot)
{
    return *(PyObject **)((char *)object + layout->members[slot]->offset);
}

/* Is the attribute of this slot the one behind all that the shadow has? They come in the slots' order. */
static int
is_slot_behind(HsLayout *layout, HsEntry *entry, PyObject *object, Py_ssize_t slot)
{
    PyObject **names = items_of(entry->attr_names);
    Py_ssize_t kept = size_of(entry->attrs), found = 0;
    for (Py_ssize_t at = 0; at < layout->slot_count; at++) {
        if (layout->members[at] == NULL || layout->members[at]->type != Py_T_OBJECT_EX) {
            return 0;
        }
        if (at == slot || value_of_slot(layout, object, at) == NULL) {
            continue;
        }
        if (at > slot || found == kept
            || names[found++] != PyTuple_GET_ITEM(PyTuple_GET_ITEM(layout->slots, at), 0)) {
            return 0;
        }
    }
    return found == kept;
}

/* hs_find_attr of an instance that has slots alone. */
static Py_ssize_t
find_slot(HsObjects *objects, HsEntry *entry, PyObject *object, PyObject *name, HsAttrSeen *seen,
          PyObject **value)
{
    HsLayout *layout = (HsLayout *)entry->layout;
    Py_ssize_t place = place_of_name(entry, name, seen), slot = 0;
    while (slot < layout->slot_count
           && PyTuple_GET_ITEM(PyTuple_GET_ITEM(layout->slots, slot), 0) != name) {
        slot++;
    }
    if (size_of(entry->attrs) != entry->attr_total || slot == layout->slot_count
        || !layout->distinct || layout->members[slot] == NULL
        || layout->members[slot]->type != Py_T_OBJECT_EX) {
        return HS_NO_PLACE;
    }
    *value = value_of_slot(layout, object, slot);
    if (place >= 0 || *value == NULL) {
        return *value == NULL ? HS_NO_PLACE : place;
    }
    return size_of(entry->attrs) < objects->max_items && is_slot_behind(layout, entry, object, slot)
               ? HS_BEHIND
               : HS_NO_PLACE;
}

Py_ssize_t
hs_find_attr(HsObjects *objects, HsEntry *entry, PyObject *object, PyObject *name,
             HsAttrSeen *seen, PyObject **value)
{
    if (!hs_has_dict((HsLayout *)entry->layout)) {
        return find_slot(objects, entry, object, name, seen, value);
    }
    PyTypeObject *type = Py_TYPE(object);
    PyDictValues *values = hs_inline_values(object, type);
    Py_ssize_t kept = size_of(entry->attrs);
    if (values == NULL || hs_made_dict(object) != NULL || kept != entry->attr_total
        || hs_peek_own(object, name, &seen->index, value) != PEEK_OBJECT) {
        return HS_NO_PLACE;
    }
    Py_ssize_t place = place_of_name(entry, name, seen);
    if (place >= 0) {
        return place;
    }
    int count = hs_inline_count(values);
    return count != kept + 1 || kept >= objects->max_items
                   || ((HsLayout *)entry->layout)->slot_count > 0
                   || hs_inline_index(values, count - 1) != seen->index
               ? HS_NO_PLACE
               : HS_BEHIND;
}

int
hs_compare_attr(HsObjects *objects, HsEntry *entry, PyObject *object, PyObject *name,
                HsAttrSeen *seen)
{
    PyObject *value;
    Py_ssize_t place = hs_find_attr(objects, entry, object, name, seen, &value);
    if (place == HS_NO_PLACE) {
        return 0;
    }
    if (place == HS_BEHIND) {
        place = size_of(entry->attrs);
        if (append_attr(entry, name) < 0) {
            return -1;
        }
    }
    else if (hs_shows(PyList_GET_ITEM(entry->attrs, place), value)) {
        return 1;
    }
    Py_INCREF(value);
    int set = set_attr(objects, entry, name, place, value);
    Py_DECREF(value);
    return set < 0 ? -1 : 1;
}

/* ---- Everything of one object ---- */

/* Are the elements those of the shadow? 1 yes, 0 no, -1 failed. */
static int
iterated_stay(HsObjects *objects, HsEntry *entry, PyObject *value, PyTypeObject *base)
{
    PyObject *items = base->tp_iter(value), *item;
    if (items == NULL) {
        return -1;
    }
    Py_ssize_t kept = size_of(entry->items), at = 0;
    int stays = 1;
    while (stays && at < objects->max_items
           && (item = Py_TYPE(items)->tp_iternext(items)) != NULL) {
        stays = at < kept && hs_shows(PyList_GET_ITEM(entry->items, at), item);
        at++;
        Py_DECREF(item);
    }
    Py_DECREF(items);
    return PyErr_Occurred() ? -1 : stays && at == kept;
}

static int
compare_iterated(HsObjects *objects, HsEntry *entry, PyObject *value, PyTypeObject *base,
                 Py_ssize_t total)
{
    int stays = entry->total == total ? iterated_stay(objects, entry, value, base) : 0;
    if (stays != 0) {
        return stays < 0 ? -1 : 0;
    }
    Values live;
    values_begin(&live);
    PyObject *items = base->tp_iter(value), *item;
    int done = items == NULL ? -1 : 0;
    while (done == 0 && live.count < objects->max_items
           && (item = Py_TYPE(items)->tp_iternext(items)) != NULL) {
        done = values_add(&live, item);
        Py_DECREF(item);
    }
    Py_XDECREF(items);
    if (done == 0 && !PyErr_Occurred()) {
        done = compare_row(objects, entry, live.at, live.count, total);
    }
    values_end(&live);
    return PyErr_Occurred() ? -1 : done;
}

static int
compare_closure(HsObjects *objects, HsEntry *entry, PyObject *function, Py_ssize_t *seen)
{
    PyObject *cells = ((PyFunctionObject *)function)->func_closure;
    Py_ssize_t count = cells == NULL ? 0 : PyTuple_GET_SIZE(cells);
    *seen += count;
    return compare_row(objects, entry, count > 0 ? ((PyTupleObject *)cells)->ob_item : NULL, count,
                       count);
}

static int
compare_items(HsObjects *objects, HsEntry *entry, PyObject *value, Py_ssize_t *seen)
{
    Py_ssize_t limit = (Py_ssize_t)objects->max_items, total;
    int done;
    switch (entry->kind) {
    case K_LIST:
        total = PyList_GET_SIZE(value);
        done = compare_row(objects, entry, ((PyListObject *)value)->ob_item,
                           total < limit ? total : limit, total);
        break;
    case K_DICT:
    case K_NAMESPACE:
        if (PyODict_CheckExact(value)) {
            return ask_for(objects, "_compare_items", entry, value, seen);
        }
        total = PyDict_GET_SIZE(value);
        done = compare_pairs(objects, entry, value);
        break;
    case K_SET:
        total = PySet_GET_SIZE(value);
        if (total == 0 && entry->total == 0) {
            return 0;
        }
        done = compare_iterated(objects, entry, value, &PySet_Type, total);
        break;
    case K_DEQUE:
        total = hs.deque->tp_as_sequence->sq_length(value);
        if (total == 0 && entry->total == 0) {
            return 0;
        }
        done = compare_iterated(objects, entry, value, hs.deque, total);
        break;
    case K_TUPLE:
        total = PyTuple_GET_SIZE(value);
        done = compare_row(objects, entry, ((PyTupleObject *)value)->ob_item,
                           total < limit ? total : limit, total);
        break;
    case K_EXCEPTION: {
        PyObject *args = ((PyBaseExceptionObject *)value)->args;
        if (args == NULL || !PyTuple_Check(args)) {
            return ask_for(objects, "_compare_items", entry, value, seen);
        }
        total = PyTuple_GET_SIZE(args);
        done = compare_row(objects, entry, ((PyTupleObject *)args)->ob_item,
                           total < limit ? total : limit, total);
        break;
    }
    case K_FUNCTION:
        return compare_closure(objects, entry, value, seen);
    default:
        return ask_for(objects, "_compare_items", entry, value, seen);
    }
    *seen += total < limit ? total : limit;
    return done;
}

static int
compare_cell(HsObjects *objects, HsEntry *entry, PyObject *cell)
{
    PyObject *inside = PyCell_GET(cell);
    if (inside == NULL ? entry->value == hs.unbound : hs_shows(entry->value, inside)) {
        return 0;
    }
    Py_XINCREF(inside);
    PyObject *known = inside == NULL ? Py_NewRef(hs.unbound) : hs_known(objects, inside);
    Py_XDECREF(inside);
    if (known == NULL) {
        return -1;
    }
    if (change(objects, entry, OP_CELL_SET) == NULL || hs_put_value(objects, known) < 0) {
        Py_DECREF(known);
        return -1;
    }
    PyObject *old = entry->value;
    entry->value = known;
    int noted = hs_lost(objects, old);
    Py_DECREF(old);
    return noted;
}

static int
compare_owner(HsObjects *objects, PyObject *value)
{
    HsEntry *owner = hs_owner_of(objects, value);
    if (owner == NULL || !owner->alive) {
        return 0;
    }
    PyObject *instance = hs_entry_object(owner);
    if (instance == NULL) {
        return 0;
    }
    Py_INCREF(owner);
    Py_ssize_t ignored = 0;
    int done = compare_attrs(objects, owner, instance, &ignored);
    Py_DECREF(owner);
    Py_DECREF(instance);
    return done;
}

/* Does `__name__` stand at the end of the qualified name? */
static int
is_last_part(PyObject *name, PyObject *qualified)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(name), whole = PyUnicode_GET_LENGTH(qualified);
    if (whole == length) {
        return same_name(name, qualified);
    }
    return whole > length && PyUnicode_READ_CHAR(qualified, whole - length - 1) == '.'
           && PyUnicode_FindChar(name, '.', 0, length, 1) < 0
           && PyUnicode_Tailmatch(qualified, name, 0, whole, 1) == 1;
}

/* Are a class's bases, names and module those of the shadow? 0 where Python must look. */
static int
class_is_as_known(HsEntry *entry, PyTypeObject *cls)
{
    PyObject *mro = cls->tp_mro, *name = ((PyHeapTypeObject *)cls)->ht_name;
    PyObject *qualified = ((PyHeapTypeObject *)cls)->ht_qualname;
    Py_ssize_t count = size_of(entry->items);
    if ((cls->tp_flags & Py_TPFLAGS_HEAPTYPE) == 0 || mro == NULL || !hs_is(entry->text)
        || PyBytes_GET_SIZE(entry->content) > 0 || PyTuple_GET_SIZE(mro) != entry->total
        || count != entry->total || !same_name(qualified, entry->text)
        || !is_last_part(name, qualified)) {
        return 0;
    }
    for (Py_ssize_t place = 0; place < count; place++) {
        if (!hs_shows(PyList_GET_ITEM(entry->items, place), PyTuple_GET_ITEM(mro, place))) {
            return 0;
        }
    }
    if (has_class_version(entry, cls)) {
        return 1;
    }
    PyObject *module = PyDict_GetItemString(cls->tp_dict, "__module__");
    return module != NULL && PyUnicode_CheckExact(module) && PyUnicode_CheckExact(entry->value)
           && same_name(module, entry->value);
}

static int
compare_kind(HsObjects *objects, HsEntry *entry, PyObject *value, Py_ssize_t *seen)
{
    switch (entry->kind) {
    case K_LIST:
    case K_SET:
    case K_DEQUE:
        return compare_items(objects, entry, value, seen) < 0
                   ? -1
                   : compare_attrs(objects, entry, value, seen);
    case K_DICT:
        return compare_items(objects, entry, value, seen) < 0 || compare_owner(objects, value) < 0
                   ? -1
                   : compare_attrs(objects, entry, value, seen);
    case K_NAMESPACE:
        return compare_items(objects, entry, value, seen);
    case K_CELL:
        return compare_cell(objects, entry, value);
    case K_INSTANCE:
    case K_SCALAR:
        return compare_attrs(objects, entry, value, seen);
    case K_EXCEPTION:
    case K_FUNCTION:
    case K_TUPLE:
    case K_FROZENSET:
        return compare_items(objects, entry, value, seen) < 0
                   ? -1
                   : compare_attrs(objects, entry, value, seen);
    case K_CLASS:
        if (!entry->own_class) {
            /* It stays as it was first seen. */
            return 0;
        }
        if (class_is_as_known(entry, (PyTypeObject *)value)) {
            return compare_attrs(objects, entry, value, seen);
        }
        /* fall through */
    default:
        *seen -= 1;
        return ask_for(objects, "slow_compare", entry, NULL, seen);
    }
}

/* ---- Everything of one object, at a glance ---- */

/* Are elements those of the shadow? `limit` elements are kept. */
static inline int
row_stays(HsEntry *entry, PyObject **live, Py_ssize_t total, Py_ssize_t limit, Py_ssize_t *seen)
{
    Py_ssize_t count = total < limit ? total : limit;
    if (total != entry->total || count != size_of(entry->items)) {
        return 0;
    }
    PyObject **known = items_of(entry->items);
    for (Py_ssize_t place = 0; place < count; place++) {
        if (!hs_shows(known[place], live[place])) {
            return 0;
        }
    }
    *seen += count;
    return 1;
}

/* Are the first pairs of a dict, up to `count`, those of the shadow? */
static int
each_pair_stays(HsEntry *entry, PyObject *mapping, Py_ssize_t count)
{
    PyObject **keys = items_of(entry->keys), **values = items_of(entry->items), *key, *value;
    Py_ssize_t at = 0, place = 0, filled;
    PyDictUnicodeEntry *texts = hs_dict_texts(mapping, &filled);
    if (texts != NULL) {
        /* A module's namespace, most often: no text of it is another object than before. */
        for (; place < count && at < filled; at++) {
            if (texts[at].me_value == NULL) {
                continue;
            }
            if (keys[place] != texts[at].me_key || !hs_shows(values[place], texts[at].me_value)) {
                return 0;
            }
            place++;
        }
        return place == count;
    }
    for (; place < count; place++) {
        if (!hs_dict_next(mapping, &at, &key, &value) || !hs_shows(keys[place], key)
            || !hs_shows(values[place], value)) {
            return 0;
        }
    }
    return 1;
}

/* Are pairs those of the shadow, in its order? */
static int
pairs_stay(HsEntry *entry, PyObject *mapping, Py_ssize_t limit, Py_ssize_t *seen)
{
    Py_ssize_t total = PyDict_GET_SIZE(mapping), count = total < limit ? total : limit;
    if (PyODict_CheckExact(mapping) || total != entry->total || count != size_of(entry->keys)
        || count != size_of(entry->items)) {
        return 0;
    }
    *seen += count;
    /* Where names are shared the version tells nothing. */
    uint64_t version = hs_is_split(mapping) ? 0 : hs_dict_version(mapping);
    if (version != 0 && version == entry->version) {
        return 1;
    }
    if (!each_pair_stays(entry, mapping, count)) {
        return 0;
    }
    entry->version = version;
    return 1;
}

/* Is a dict nobody's `__dict__`, as far as we know? */
static inline int
is_unowned(HsObjects *objects, PyObject *dict)
{
    HsIdMap *owners = (HsIdMap *)objects->owners;
    return !hs_is_split(dict) && (owners->used == 0 || hs_map_get(owners, dict) == NULL);
}

/* Is this dict known as that of the instance and as nothing else? */
static inline int
is_owned_alone(HsObjects *objects, HsEntry *entry, PyObject *dict)
{
    return hs_map_get((HsIdMap *)objects->owners, dict) == (PyObject *)entry
           && hs_map_get((HsIdMap *)objects->by_id, dict) == NULL;
}

static int
function_attrs_stay(HsObjects *objects, HsEntry *entry, PyObject *function)
{
    PyObject *dict = ((PyFunctionObject *)function)->func_dict;
    if (dict == NULL) {
        return entry->attr_total == 0 && size_of(entry->attrs) == 0;
    }
    return PyDict_CheckExact(dict) && dict_stays(entry, dict)
           && is_owned_alone(objects, entry, dict);
}

/* compare_attrs, when it finds nothing. */
static int
all_attrs_stay(HsObjects *objects, HsEntry *entry, PyObject *value, HsLayout *layout,
               Py_ssize_t *seen)
{
    Py_ssize_t kept = size_of(entry->attrs);
    if (layout->kind == K_FUNCTION) {
        *seen += kept;
        return layout->slot_count == 0 && function_attrs_stay(objects, entry, value);
    }
    if (layout->kind == K_EXCEPTION || layout->kind == K_CLASS) {
        return 0;
    }
    if (!hs_has_dict(layout) && layout->slot_count == 0) {
        return size_of(entry->attr_names) == 0;
    }
    *seen += kept;
    if (attrs_stay(entry, value, layout)) {
        return 1;
    }
    if (layout->dict_getter == NULL || layout->slot_count > 0
        || (Py_TYPE(value)->tp_flags & Py_TPFLAGS_MANAGED_DICT) == 0) {
        return 0;
    }
    PyObject *dict = hs_made_dict(value);
    if (dict == NULL) {
        return hs_inline_values(value, Py_TYPE(value)) == NULL && entry->attr_total == 0;
    }
    if (!PyDict_CheckExact(dict) || !is_owned_alone(objects, entry, dict)) {
        return 0;
    }
    /* Of a dict with attributes the version is that of its pairs. */
    uint64_t version =
        layout->kind != K_INSTANCE || hs_is_split(dict) ? 0 : hs_dict_version(dict);
    if (version != 0 && version == entry->version) {
        return 1;
    }
    if (!dict_stays(entry, dict)) {
        return 0;
    }
    entry->version = version != 0 ? version : entry->version;
    return 1;
}

static int
closure_stays(HsEntry *entry, PyObject *function, Py_ssize_t *seen)
{
    PyObject *cells = ((PyFunctionObject *)function)->func_closure;
    Py_ssize_t count = cells == NULL ? 0 : PyTuple_GET_SIZE(cells);
    PyObject **live = count > 0 ? ((PyTupleObject *)cells)->ob_item : NULL;
    return row_stays(entry, live, count, count, seen);
}

static int
set_stays(HsEntry *entry, PySetObject *set, Py_ssize_t limit, Py_ssize_t *seen)
{
    Py_ssize_t count = set->used < limit ? set->used : limit, at = 0;
    if (set->used != entry->total || count != size_of(entry->items)) {
        return 0;
    }
    PyObject **known = items_of(entry->items);
    for (Py_ssize_t place = 0; at < count && place <= set->mask; place++) {
        /* What was removed has left a key of no hash. */
        if (set->table[place].key == NULL || set->table[place].hash == -1) {
            continue;
        }
        if (!hs_shows(known[at], set->table[place].key)) {
            return 0;
        }
        at++;
    }
    *seen += count;
    return at == count;
}

/* A short one: the way to an element grows with its place. */
static int
deque_stays(HsEntry *entry, PyObject *deque, Py_ssize_t limit, Py_ssize_t *seen)
{
    enum { SHORT = 128 };
    Py_ssize_t total = hs.deque->tp_as_sequence->sq_length(deque);
    Py_ssize_t count = total < limit ? total : limit;
    if (total > SHORT || total != entry->total || count != size_of(entry->items)) {
        return 0;
    }
    for (Py_ssize_t place = 0; place < count; place++) {
        PyObject *item = hs.deque->tp_as_sequence->sq_item(deque, place);
        if (item == NULL) {
            PyErr_Clear();
            return 0;
        }
        int stays = hs_shows(PyList_GET_ITEM(entry->items, place), item);
        Py_DECREF(item);
        if (!stays) {
            return 0;
        }
    }
    *seen += count;
    return 1;
}

static int
kind_stays(HsObjects *objects, HsEntry *entry, PyObject *value, Py_ssize_t *seen)
{
    Py_ssize_t limit = (Py_ssize_t)objects->max_items;
    switch (entry->kind) {
    case K_LIST:
        return row_stays(entry, ((PyListObject *)value)->ob_item, PyList_GET_SIZE(value), limit,
                         seen);
    case K_TUPLE:
        return row_stays(entry, ((PyTupleObject *)value)->ob_item, PyTuple_GET_SIZE(value), limit,
                         seen);
    case K_DICT:
        return pairs_stay(entry, value, limit, seen) && is_unowned(objects, value);
    case K_NAMESPACE:
        return pairs_stay(entry, value, limit, seen);
    case K_SET:
        return set_stays(entry, (PySetObject *)value, limit, seen);
    case K_DEQUE:
        return deque_stays(entry, value, limit, seen);
    case K_FUNCTION:
        return closure_stays(entry, value, seen);
    case K_INSTANCE:
    case K_SCALAR:
        return 1;
    default:
        return 0;
    }
}

/* Is a living object, at a glance, as its shadow says? 1 yes, and `seen` grows as it does when all of
 * it is compared; 0 it must be. Nothing is made but numbers, and nothing is let go of. */
static int
is_unchanged(HsObjects *objects, HsEntry *entry, PyObject *value, Py_ssize_t *seen)
{
    HsLayout *layout = (HsLayout *)entry->layout;
    Py_ssize_t looked = *seen + 1;
    if (objects->any_unknown && (!entry->again || entry->unknown)) {
        return 0;
    }
    if (layout->changeable) {
        if (!layout->ready
            || ((PyWeakReference *)layout->ref)->wr_object != (PyObject *)Py_TYPE(value)) {
            return 0;
        }
        if (entry->kind == K_CLASS) {
            /* One that is not the program's own stays as it was first seen. */
            if (entry->own_class
                && (!has_class_version(entry, (PyTypeObject *)value)
                    || !class_is_as_known(entry, (PyTypeObject *)value))) {
                return 0;
            }
            looked += entry->own_class ? size_of(entry->attrs) : 0;
        }
        else if (entry->kind == K_CELL) {
            PyObject *inside = PyCell_GET(value);
            if (inside == NULL ? entry->value != hs.unbound : !hs_shows(entry->value, inside)) {
                return 0;
            }
        }
        else if (!kind_stays(objects, entry, value, &looked)
                 || (entry->kind != K_NAMESPACE
                     && !all_attrs_stay(objects, entry, value, layout, &looked))) {
            return 0;
        }
    }
    *seen = looked;
    return 1;
}

/* ObjectTable._compared_again. */
int
hs_compared_again(HsObjects *objects, HsEntry *entry)
{
    int done = 0;
    if (!entry->again) {
        PyObject *oid = PyLong_FromLongLong(entry->oid);
        done = oid == NULL ? -1 : PyDict_SetItem(objects->recompared, oid, (PyObject *)entry);
        Py_XDECREF(oid);
        entry->again = done == 0;
    }
    if (done == 0 && entry->unknown) {
        entry->unknown = 0;
        done = change(objects, entry, OP_KNOWN) == NULL ? -1 : 0;
    }
    return done;
}

int
hs_compare(HsObjects *objects, HsEntry *entry, Py_ssize_t *seen)
{
    Py_ssize_t ignored = 0;
    seen = seen != NULL ? seen : &ignored;
    PyObject *value = entry->alive ? hs_entry_live(entry) : NULL;
    if (value == NULL || is_unchanged(objects, entry, value, seen)) {
        return 0;
    }
    Py_INCREF(value);
    HsLayout *layout = (HsLayout *)entry->layout;
    int done = 0;
    *seen += 1;
    if (objects->any_unknown) {
        done = hs_compared_again(objects, entry);
    }
    if (done == 0 && layout->changeable) {
        Py_INCREF(entry);
        if (((PyWeakReference *)layout->ref)->wr_object != (PyObject *)Py_TYPE(value)) {
            done = hs_ask(objects, "_retype", (PyObject *)entry, value, NULL);
        }
        if (done == 0) {
            done = compare_kind(objects, entry, value, seen);
        }
        Py_DECREF(entry);
    }
    Py_DECREF(value);
    return done;
}

/* ---- What the dead have taken with them ---- */

/* The size of a dict, set or list that has an entry. */
static Py_ssize_t
sized(HsEntry *entry, PyObject *part)
{
    return entry->kind == K_DICT   ? PyDict_GET_SIZE(part)
           : entry->kind == K_SET  ? PySet_GET_SIZE(part)
           : entry->kind == K_LIST ? PyList_GET_SIZE(part)
                                   : (Py_ssize_t)entry->total;
}

static int
compare_weak_container(HsObjects *objects, HsEntry *container, PyObject *value)
{
    HsAttrs attrs;
    int read = hs_read_attrs(value, (HsLayout *)container->layout, PY_SSIZE_T_MAX, &attrs);
    int done = read > 0    ? 0
               : read == 0 ? hs_ask(objects, "compare_weak_containers", NULL, NULL, NULL)
                           : -1;
    for (Py_ssize_t place = 0; done == 0 && read > 0 && place < attrs.count; place++) {
        PyObject *part = attrs.at[place].value;
        HsEntry *entry = hs_entry_at(objects, part);
        if (entry != NULL && sized(entry, part) != entry->total) {
            done = hs_compare(objects, entry, NULL);
        }
    }
    hs_free_attrs(&attrs);
    return done;
}

/* A container of weak references, or a container that a callback works on. */
static int
compare_container(HsObjects *objects, HsEntry *entry)
{
    const unsigned containers =
        1u << K_DICT | 1u << K_SET | 1u << K_LIST | 1u << K_DEQUE | 1u << K_BYTEARRAY;
    if ((containers >> entry->kind & 1) != 0) {
        return hs_compare(objects, entry, NULL);
    }
    PyObject *value = hs_entry_object(entry);
    int done = value == NULL ? 0 : compare_weak_container(objects, entry, value);
    Py_XDECREF(value);
    return done;
}

int
hs_compare_weak_containers(HsObjects *objects)
{
    PyObject *containers = objects->weak_containers;
    uint64_t mark = hs_new_mark();
    for (Py_ssize_t place = 0; place < PyList_GET_SIZE(containers);) {
        HsEntry *entry = (HsEntry *)PyList_GET_ITEM(containers, place);
        if (!entry->alive || entry->queued == mark) {
            /* One may be named by several callbacks. */
            if (PyList_SetSlice(containers, place, place + 1, NULL) < 0) {
                return -1;
            }
            continue;
        }
        entry->queued = mark;
        place++;
        Py_INCREF(entry);
        int done = compare_container(objects, entry);
        Py_DECREF(entry);
        if (done < 0) {
            return -1;
        }
    }
    return 0;
}
