/* What does the log know of an object? Asked of objects.ObjectTable: first sight, change events,
 * death. Comparison is in compare.c.
 *
 * The shadows are the lists of objects.Entry, which both languages use. The frequent kinds are read
 * here; `_read` of the Python half fills the shadows of the others. */
#include "hindsight.h"
#include "internals.h"

enum { FIRST_SIGHT = 50000, MAX_HOPS = 8 };

int
hs_adopt_more(const char *name, PyObject *value)
{
    const struct {
        const char *name;
        PyObject **field;
        PyTypeObject *type;
    } known[] = {
        {"deque", (PyObject **)&hs.deque, &PyType_Type},
        {"defaultdict", (PyObject **)&hs.default_dict, &PyType_Type},
        {"layouts", &hs.layouts, &HsIdMap_Type},
        {"layout_of", &hs.layout_of, &PyFunction_Type},
        {"held_by", &hs.held_by, &PyFunction_Type},
        {"effects", &hs.effects, &HsIdMap_Type},
        {"effect_of", &hs.effect_of, &PyFunction_Type},
        {"applies", &hs.applies, &PyFunction_Type},
        {"finalizers", &hs.finalizers, &PyDict_Type},
        {"passive", &hs.passive, &PyFrozenSet_Type},
        {"quiet", &hs.quiet, &PyFrozenSet_Type},
        {"hidden_in_class", &hs.hidden_in_class, &PyFrozenSet_Type},
        {"builtins", &hs.builtins, &PyDict_Type},
    };
    for (size_t place = 0; place < Py_ARRAY_LENGTH(known); place++) {
        if (strcmp(name, known[place].name) == 0) {
            if (Py_TYPE(value) != known[place].type) {
                PyErr_Format(PyExc_TypeError, "%s is not what C expects", name);
                return -1;
            }
            *known[place].field = Py_NewRef(value);
            return 1;
        }
    }
    return 0;
}

void
hs_cut_list(PyObject *list, Py_ssize_t length)
{
    Py_ssize_t count = PyList_GET_SIZE(list);
    /* Nothing that is let go here runs code: these lists hold what is ours. */
    while (count > length) {
        PyObject *item = PyList_GET_ITEM(list, --count);
        PyList_SET_ITEM(list, count, NULL);
        Py_SET_SIZE(list, count);
        Py_DECREF(item);
    }
}

PyObject *
hs_new_row(Py_ssize_t count)
{
    PyObject *row = PyList_New(count);
    if (row != NULL) {
        PyObject_GC_UnTrack(row);
    }
    return row;
}

static inline int
has_items(int kind)
{
    const unsigned kinds = 1u << K_LIST | 1u << K_TUPLE | 1u << K_DICT | 1u << K_SET
                           | 1u << K_FROZENSET | 1u << K_DEQUE | 1u << K_RANGE | 1u << K_NAMESPACE
                           | 1u << K_FUNCTION | 1u << K_EXCEPTION | 1u << K_METHOD | 1u << K_SLICE
                           | 1u << K_CLASS | 1u << K_ARRAY;
    return (kinds >> kind & 1) != 0;
}

static inline int
has_attrs(int kind)
{
    const unsigned kinds = 1u << K_LIST | 1u << K_TUPLE | 1u << K_DICT | 1u << K_SET
                           | 1u << K_FROZENSET | 1u << K_DEQUE | 1u << K_BYTEARRAY
                           | 1u << K_INSTANCE | 1u << K_CLASS | 1u << K_FUNCTION | 1u << K_SCALAR
                           | 1u << K_EXCEPTION | 1u << K_ARRAY;
    return (kinds >> kind & 1) != 0;
}

static inline int
has_text(int kind)
{
    const unsigned kinds = 1u << K_CLASS | 1u << K_MODULE | 1u << K_FUNCTION | 1u << K_GENERATOR
                           | 1u << K_COROUTINE | 1u << K_ASYNC_GENERATOR | 1u << K_OPAQUE
                           | 1u << K_ARRAY | 1u << K_REPR;
    return (kinds >> kind & 1) != 0;
}

static inline Py_ssize_t
size_of(PyObject *list)
{
    return list == NULL ? 0 : PyList_GET_SIZE(list);
}

/* ---- First sight ---- */

/* Says that an object is dead: a weak reference's callback. Runs no code of the program. */
PyObject *
hs_entry_died(PyObject *op, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwargs))
{
    HsEntry *entry = (HsEntry *)op;
    HsObjects *objects = (HsObjects *)entry->home;
    if (objects == NULL) {
        Py_RETURN_NONE;
    }
    if (entry->mapped) {
        Py_XDECREF(hs_map_pop((HsIdMap *)objects->by_id, (void *)(uintptr_t)entry->key));
    }
    return PyList_Append(objects->dead, op) < 0 ? NULL : Py_NewRef(Py_None);
}

int
hs_put_by_number(PyObject *table, HsEntry *entry)
{
    PyObject *oid = PyLong_FromLongLong(entry->oid);
    int put = oid == NULL ? -1 : PyDict_SetItem(table, oid, (PyObject *)entry);
    Py_XDECREF(oid);
    return put;
}

/* An instance's dict is made when somebody asks for it: then the instance is looked for. */
static HsEntry *
find_owner(HsObjects *objects, PyObject *dict)
{
    HsIdMap *map = (HsIdMap *)objects->by_id;
    for (size_t place = 0; place <= map->mask; place++) {
        HsEntry *entry = (HsEntry *)map->cells[place].value;
        if (map->cells[place].key <= 1 || !hs_is_entry((PyObject *)entry)) {
            continue;
        }
        PyObject *object = (PyObject *)map->cells[place].key;
        if ((Py_TYPE(object)->tp_flags & Py_TPFLAGS_MANAGED_DICT) != 0
            && hs_made_dict(object) == dict) {
            return entry;
        }
    }
    return NULL;
}

HsEntry *
hs_owner_of(HsObjects *objects, PyObject *dict)
{
    HsIdMap *owners = (HsIdMap *)objects->owners;
    HsEntry *owner = owners->used > 0 ? (HsEntry *)hs_map_get(owners, dict) : NULL;
    if (owner != NULL || !PyDict_Check(dict) || !hs_is_split(dict)) {
        return owner;
    }
    owner = find_owner(objects, dict);
    if (owner != NULL && hs_map_set(owners, dict, (PyObject *)owner) < 0) {
        PyErr_Clear();
    }
    return owner;
}

static int
hold(HsObjects *objects, HsEntry *entry, PyObject *value)
{
    if (((HsLayout *)entry->layout)->tells && hs_is_told(objects)) {
        entry->told = 1;
        return 0;
    }
    if (Py_TYPE(value)->tp_weaklistoffset == 0) {
        entry->pin = Py_NewRef(value);
        objects->pins++;
        return hs_put_by_number(objects->pinned, entry);
    }
    /* The entry itself is called back; the circle ends with the object, or with by_id. */
    hs_replace(&entry->home, Py_NewRef(objects));
    entry->ref = PyWeakref_NewRef(value, (PyObject *)entry);
    return entry->ref == NULL ? -1 : 0;
}

HsEntry *
hs_new_entry(HsObjects *objects, PyObject *value, HsLayout *layout, int kind)
{
    HsEntry *entry = hs_empty_entry();
    if (entry == NULL) {
        return NULL;
    }
    entry->oid = objects->next++;
    entry->key = (uint64_t)(uintptr_t)value;
    entry->kind = kind;
    entry->alive = 1;
    entry->block = -1;
    entry->layout = Py_NewRef(layout);
    entry->type_name = Py_NewRef(layout->name);
    entry->value = Py_NewRef(hs.unbound);
    return entry;
}

/* What the death of another object changes unseen: a container, or what a callback in C works on. */
static int
note_weak(HsObjects *objects, HsEntry *entry, PyObject *value)
{
    if (!PyWeakref_Check(value)) {
        return PyList_Append(objects->weak_containers, (PyObject *)entry);
    }
    PyObject *callback = ((PyWeakReference *)value)->wr_callback;
    return callback == NULL || PyFunction_Check(callback)
               ? 0
               : hs_ask(objects, "note_callback", value, NULL, NULL);
}

/* ObjectTable._add: a new reference. */
static PyObject *
add(HsObjects *objects, PyObject *value, int kind)
{
    PyTypeObject *type = Py_TYPE(value);
    HsLayout *layout = hs_layout_of(type);
    if (layout == NULL) {
        return NULL;
    }
    if (layout->kind == K_DICT && type != &PyDict_Type
        && PyType_IsSubtype(type, hs.default_dict)) {
        objects->has_default_dicts = 1;
    }
    HsEntry *entry = hs_new_entry(objects, value, layout, kind != 0 ? kind : layout->kind);
    if (entry == NULL) {
        return NULL;
    }
    if (type == &PyDict_Type) {
        hs_owner_of(objects, value);
    }
    objects->room--;
    if (PyList_Append(objects->made_now, (PyObject *)entry) < 0
        || PyList_Append(objects->queue, (PyObject *)entry) < 0
        || hold(objects, entry, value) < 0
        || hs_map_set((HsIdMap *)objects->by_id, value, (PyObject *)entry) < 0
        || (layout->holds_weakly && note_weak(objects, entry, value) < 0)
        || (objects->any_unknown && hs_put_by_number(objects->recompared, entry) < 0)) {
        Py_DECREF(entry);
        return NULL;
    }
    entry->again = objects->any_unknown;
    return (PyObject *)entry;
}

/* ObjectTable._known: what a shadow holds for a value; the queue of new objects is not emptied. */
static PyObject *
known_inside(HsObjects *objects, PyObject *value)
{
    if (hs_is_scalar(value)) {
        return Py_NewRef(value);
    }
    HsEntry *entry = hs_entry_at(objects, value);
    if (entry != NULL) {
        return Py_NewRef(entry);
    }
    return objects->room <= 0 ? Py_NewRef(hs.left_out) : add(objects, value, 0);
}

/* Appends what a shadow holds for a value. */
static int
append_known(HsObjects *objects, PyObject *row, PyObject *value)
{
    Py_INCREF(value);
    PyObject *known = known_inside(objects, value);
    Py_DECREF(value);
    int appended = known == NULL ? -1 : PyList_Append(row, known);
    Py_XDECREF(known);
    return appended;
}

static int
read_array(HsObjects *objects, HsEntry *entry, PyObject *value)
{
    int is_list = entry->kind == K_LIST;
    entry->total = Py_SIZE(value);
    Py_ssize_t count = entry->total < objects->max_items ? (Py_ssize_t)entry->total
                                                         : (Py_ssize_t)objects->max_items;
    objects->room -= count;
    entry->items = hs_new_row(count);
    if (entry->items == NULL) {
        return -1;
    }
    for (Py_ssize_t place = 0; place < count; place++) {
        PyObject *item = hs.unbound;
        if (place < Py_SIZE(value)) {
            item = is_list ? PyList_GET_ITEM(value, place) : PyTuple_GET_ITEM(value, place);
        }
        Py_INCREF(item);
        PyObject *known = item == hs.unbound ? Py_NewRef(item) : known_inside(objects, item);
        Py_DECREF(item);
        PyList_SET_ITEM(entry->items, place, known != NULL ? known : Py_NewRef(hs.unbound));
        if (known == NULL) {
            return -1;
        }
    }
    return 0;
}

/* All keys and then all values, as they stood at one moment: to read one may make the interpreter change
 * the dict. `held` are its first pairs, two new references for each, which are let go of. */
static int
read_held(HsObjects *objects, HsEntry *entry, PyObject **held, Py_ssize_t count)
{
    int done = 0;
    for (int second = 0; second < 2; second++) {
        for (Py_ssize_t place = 0; done == 0 && place < count; place++) {
            done = append_known(objects, second ? entry->items : entry->keys,
                                held[2 * place + second]);
        }
    }
    for (Py_ssize_t place = 0; place < 2 * count; place++) {
        Py_DECREF(held[place]);
    }
    return done;
}

static int
read_pairs(HsObjects *objects, HsEntry *entry, PyObject *value)
{
    enum { FEW = 16 };
    PyObject *few[2 * FEW], **held = few, *key, *item;
    Py_ssize_t most = PyDict_GET_SIZE(value), at = 0, count = 0;
    entry->total = most;
    entry->keys = hs_new_row(0);
    entry->items = hs_new_row(0);
    if (entry->keys == NULL || entry->items == NULL) {
        return -1;
    }
    most = most < objects->max_items ? most : (Py_ssize_t)objects->max_items;
    objects->room -= most;
    if (most > FEW && (held = PyMem_RawMalloc(2 * sizeof(PyObject *) * (size_t)most)) == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    while (count < most && PyDict_Next(value, &at, &key, &item)) {
        held[2 * count] = Py_NewRef(key);
        held[2 * count++ + 1] = Py_NewRef(item);
    }
    int done = read_held(objects, entry, held, count);
    if (held != few) {
        PyMem_RawFree(held);
    }
    return done;
}

static int
read_set(HsObjects *objects, HsEntry *entry, PyObject *value)
{
    entry->total = PySet_GET_SIZE(value);
    entry->items = hs_new_row(0);
    PyObject *items = PySet_Type.tp_iter(value);
    if (items == NULL || entry->items == NULL) {
        Py_XDECREF(items);
        return -1;
    }
    PyObject *found[1];
    objects->room -= entry->total < objects->max_items ? entry->total : objects->max_items;
    int done = 0;
    while (done == 0 && PyList_GET_SIZE(entry->items) < objects->max_items
           && (found[0] = Py_TYPE(items)->tp_iternext(items)) != NULL) {
        done = append_known(objects, entry->items, found[0]);
        Py_DECREF(found[0]);
    }
    Py_DECREF(items);
    return done < 0 || PyErr_Occurred() ? -1 : 0;
}

/* A row of a few fixed parts; takes over the references, which may be NULL after a failure. */
static int
read_parts(HsObjects *objects, HsEntry *entry, PyObject *const parts[], Py_ssize_t count)
{
    entry->total = count;
    objects->room -= count;
    entry->items = hs_new_row(0);
    int done = entry->items == NULL ? -1 : 0;
    for (Py_ssize_t place = 0; place < count; place++) {
        if (done == 0) {
            done = parts[place] == NULL ? -1 : append_known(objects, entry->items, parts[place]);
        }
        Py_XDECREF(parts[place]);
    }
    return done;
}

static int
read_range(HsObjects *objects, HsEntry *entry, PyObject *value)
{
    PyObject *const parts[] = {PyObject_GetAttrString(value, "start"),
                               PyObject_GetAttrString(value, "stop"),
                               PyObject_GetAttrString(value, "step")};
    return read_parts(objects, entry, parts, 3);
}

static int
read_method(HsObjects *objects, HsEntry *entry, PyObject *value)
{
    PyObject *const parts[] = {Py_NewRef(PyMethod_GET_FUNCTION(value)),
                               Py_NewRef(PyMethod_GET_SELF(value))};
    return read_parts(objects, entry, parts, 2);
}

static int
read_tuple_part(HsObjects *objects, HsEntry *entry, PyObject *tuple)
{
    entry->items = hs_new_row(0);
    if (entry->items == NULL) {
        return -1;
    }
    entry->total = tuple == NULL ? 0 : PyTuple_GET_SIZE(tuple);
    Py_ssize_t count = entry->total < objects->max_items ? (Py_ssize_t)entry->total
                                                         : (Py_ssize_t)objects->max_items;
    objects->room -= count;
    for (Py_ssize_t place = 0; place < count; place++) {
        if (append_known(objects, entry->items, PyTuple_GET_ITEM(tuple, place)) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
read_attributes(HsObjects *objects, HsEntry *entry, PyObject *value)
{
    HsLayout *layout = (HsLayout *)entry->layout;
    if (!hs_has_dict(layout) && layout->slot_count == 0 && entry->kind != K_FUNCTION
        && entry->kind != K_EXCEPTION) {
        return 0;
    }
    HsAttrs attrs;
    int read = hs_read_attrs(value, layout, (Py_ssize_t)objects->max_items, &attrs);
    int done = read == 1 ? 0 : -1;
    if (done == 0) {
        entry->attr_total = attrs.total;
        entry->attr_names = hs_new_row(0);
        entry->attrs = hs_new_row(0);
        done = entry->attr_names == NULL || entry->attrs == NULL ? -1 : 0;
    }
    for (Py_ssize_t place = 0; done == 0 && place < attrs.count; place++) {
        done = PyList_Append(entry->attr_names, attrs.at[place].name);
        if (done == 0) {
            done = append_known(objects, entry->attrs, attrs.at[place].value);
        }
    }
    hs_free_attrs(&attrs);
    if (read == 0) {
        return 1;
    }
    PyObject *owned = done == 0 ? hs_known_dict(value, layout) : NULL;
    if (owned != NULL) {
        done = hs_map_set((HsIdMap *)objects->owners, owned, (PyObject *)entry);
        Py_DECREF(owned);
    }
    return done < 0 || PyErr_Occurred() ? -1 : 0;
}

static int
read_deque(HsObjects *objects, HsEntry *entry, PyObject *value)
{
    PyObject *items = PyList_New(0), *iterator = hs.deque->tp_iter(value), *item;
    int done = items == NULL || iterator == NULL ? -1 : 0;
    while (done == 0 && PyList_GET_SIZE(items) < objects->max_items
           && (item = Py_TYPE(iterator)->tp_iternext(iterator)) != NULL) {
        done = PyList_Append(items, item);
        Py_DECREF(item);
    }
    Py_XDECREF(iterator);
    PyObject *limit = done == 0 && !PyErr_Occurred() ? _PyType_Lookup(hs.deque, hs.maxlen) : NULL;
    limit = limit == NULL ? NULL
                          : Py_TYPE(limit)->tp_descr_get(limit, value, (PyObject *)hs.deque);
    done = limit == NULL ? -1 : 0;
    if (done == 0) {
        hs_replace(&entry->value, limit);
        entry->total = hs.deque->tp_as_sequence->sq_length(value);
        objects->room -= PyList_GET_SIZE(items);
        entry->items = hs_new_row(0);
        done = entry->items == NULL ? -1 : 0;
    }
    for (Py_ssize_t place = 0; done == 0 && place < PyList_GET_SIZE(items); place++) {
        done = append_known(objects, entry->items, PyList_GET_ITEM(items, place));
    }
    Py_XDECREF(items);
    return done;
}

/* 1: it runs already, nothing was read. */
static int
read_generator(HsObjects *objects, HsEntry *entry, PyObject *value)
{
    HsFrame *frame = hs_unstarted_frame(value);
    if (frame == NULL) {
        return 1;
    }
    PyObject *key = PyLong_FromVoidPtr(frame), *number = PyLong_FromLong(0);
    int done = key == NULL || number == NULL
                   ? -1
                   : PyDict_SetItem(objects->generators, key, (PyObject *)entry);
    if (done == 0) {
        hs_replace(&entry->text, Py_NewRef(((PyGenObject *)value)->gi_qualname));
        hs_replace(&entry->value, Py_NewRef(number));
    }
    Py_XDECREF(key);
    Py_XDECREF(number);
    return done;
}

/* layouts.name_of_type: a new reference. A class of the program may have got another name since its
 * layout was made. */
static PyObject *
name_of_class(PyTypeObject *type, HsLayout *layout)
{
    if (!layout->python_class || (type->tp_flags & Py_TPFLAGS_HEAPTYPE) == 0) {
        return Py_NewRef(layout->name);
    }
    PyObject *name = ((PyHeapTypeObject *)type)->ht_qualname;
    PyObject *module = PyDict_GetItemString(type->tp_dict, "__module__");
    return module == NULL || !PyUnicode_CheckExact(module)
                   || PyUnicode_CompareWithASCIIString(module, "builtins") == 0
               ? Py_NewRef(name)
               : PyUnicode_FromFormat("%U.%U", module, name);
}

/* layouts.read_text of a function in C. */
static PyObject *
text_of_builtin(PyObject *function)
{
    const char *name = ((PyCFunctionObject *)function)->m_ml->ml_name;
    PyObject *owner = PyCFunction_GET_SELF(function);
    if (owner == NULL || owner == Py_None || Py_IS_TYPE(owner, &PyModule_Type)) {
        return PyUnicode_FromFormat("<built-in function %s>", name);
    }
    HsLayout *layout = hs_layout_of(Py_TYPE(owner));
    PyObject *type = layout == NULL ? NULL : name_of_class(Py_TYPE(owner), layout);
    PyObject *text =
        type == NULL ? NULL : PyUnicode_FromFormat("<built-in method %s of %U object>", name, type);
    Py_XDECREF(type);
    return text;
}

/* What an object keeps in C is not read. */
static void
hide_value(HsEntry *entry)
{
    if (((HsLayout *)entry->layout)->hides) {
        hs_replace(&entry->value, Py_NewRef(hs.in_c));
    }
}

/* layouts.read_text of an object of which no more is known. */
static int
read_opaque(HsEntry *entry, PyObject *value)
{
    PyObject *text =
        Py_IS_TYPE(value, &PyCFunction_Type)
            ? text_of_builtin(value)
            : PyUnicode_FromFormat("<%U object>", ((HsLayout *)entry->layout)->name);
    if (text == NULL) {
        return -1;
    }
    hs_replace(&entry->text, text);
    hide_value(entry);
    return 0;
}

/* ObjectTable._name_cells. */
static int
name_cells(HsObjects *objects, HsEntry *entry, PyObject *function)
{
    PyObject *names = PyCode_GetFreevars((PyCodeObject *)((PyFunctionObject *)function)->func_code);
    if (names == NULL) {
        return -1;
    }
    int done = 0;
    Py_ssize_t count = PyTuple_GET_SIZE(names);
    for (Py_ssize_t place = 0; done == 0 && place < count && place < size_of(entry->items);
         place++) {
        PyObject *cell = PyList_GET_ITEM(entry->items, place);
        if (!hs_is_entry(cell) || ((HsEntry *)cell)->kind != K_CELL) {
            continue;
        }
        PyObject *fresh = PyDict_New();
        PyObject *named = fresh == NULL ? NULL
                                        : PyDict_SetDefault(objects->cells,
                                                            PyTuple_GET_ITEM(names, place), fresh);
        done = named == NULL ? -1 : hs_put_by_number(named, (HsEntry *)cell);
        Py_XDECREF(fresh);
    }
    Py_DECREF(names);
    return done;
}

/* 1: not one of the frequent kinds, nothing was read. */
static int
read_kind(HsObjects *objects, HsEntry *entry, PyObject *value)
{
    switch (entry->kind) {
    case K_LIST:
    case K_TUPLE:
        return read_array(objects, entry, value);
    case K_DICT:
        return PyODict_CheckExact(value) ? 1 : read_pairs(objects, entry, value);
    case K_SET:
    case K_FROZENSET:
        return read_set(objects, entry, value);
    case K_RANGE:
    case K_SLICE:
        return read_range(objects, entry, value);
    case K_METHOD:
        return read_method(objects, entry, value);
    case K_FUNCTION:
        hs_replace(&entry->text, Py_NewRef(((PyFunctionObject *)value)->func_qualname));
        return read_tuple_part(objects, entry, ((PyFunctionObject *)value)->func_closure);
    case K_EXCEPTION: {
        PyObject *args = ((PyBaseExceptionObject *)value)->args;
        return args == NULL || !PyTuple_Check(args) ? 1 : read_tuple_part(objects, entry, args);
    }
    case K_CELL: {
        PyObject *inside = PyCell_GET(value);
        PyObject *known = inside == NULL ? Py_NewRef(hs.unbound) : NULL;
        if (inside != NULL) {
            Py_INCREF(inside);
            known = known_inside(objects, inside);
            Py_DECREF(inside);
        }
        hs_replace(&entry->value, known != NULL ? known : Py_NewRef(hs.unbound));
        return known == NULL ? -1 : 0;
    }
    case K_DEQUE:
        return read_deque(objects, entry, value);
    case K_GENERATOR:
    case K_COROUTINE:
    case K_ASYNC_GENERATOR:
        return read_generator(objects, entry, value);
    case K_OPAQUE:
        return read_opaque(entry, value);
    case K_INSTANCE:
        hide_value(entry);
        return 0;
    default:
        return 1;
    }
}

static int
note_class(HsObjects *objects, HsEntry *entry, PyObject *value)
{
    PyObject *known = known_inside(objects, (PyObject *)Py_TYPE(value));
    if (known == NULL) {
        return -1;
    }
    hs_replace(&entry->cls, known);
    return 0;
}

/* ObjectTable._read: fills the shadow of a new entry. */
static int
read_shadow(HsObjects *objects, HsEntry *entry, PyObject *value)
{
    HsLayout *layout = (HsLayout *)entry->layout;
    int64_t room = objects->room;
    int read = layout->ready ? read_kind(objects, entry, value) : 1;
    if (read == 0 && has_attrs(entry->kind)) {
        read = read_attributes(objects, entry, value);
    }
    if (read == 0 && entry->kind == K_FUNCTION) {
        read = name_cells(objects, entry, value);
    }
    if (read == 0) {
        return layout->names_class ? note_class(objects, entry, value) : 0;
    }
    if (read < 0) {
        return read;
    }
    objects->room = room;
    return hs_ask(objects, "_read", (PyObject *)entry, value, NULL);
}

/* objects._is_settled. */
static int
is_settled(HsEntry *entry, PyObject *value)
{
    if (PyTuple_CheckExact(value) || PyFrozenSet_CheckExact(value) || PySlice_Check(value)) {
        Py_ssize_t count = size_of(entry->items);
        for (Py_ssize_t place = 0; place < count; place++) {
            if (hs_is_entry(PyList_GET_ITEM(entry->items, place))) {
                return 0;
            }
        }
        return count == entry->total;
    }
    if (Py_IS_TYPE(value, &PyCFunction_Type) && !hs_is_entry(entry->value)) {
        PyObject *owner = PyCFunction_GET_SELF(value);
        return owner == NULL || owner == Py_None || Py_IS_TYPE(owner, &PyModule_Type);
    }
    return 0;
}

static int
touch_again(HsObjects *objects, HsEntry *entry, int64_t back)
{
    PyObject *oid = PyLong_FromLongLong(entry->oid);
    PyObject *distance = oid == NULL ? NULL : PyLong_FromLongLong(back);
    int put = distance == NULL ? -1 : PyDict_SetItem(objects->touched, oid, distance);
    Py_XDECREF(oid);
    Py_XDECREF(distance);
    return put;
}

static int
touch(HsObjects *objects, HsEntry *entry, int64_t back)
{
    int64_t block = hs_writer_of(objects)->block;
    if (entry->block == block) {
        return touch_again(objects, entry, back);
    }
    if (objects->touched_count == objects->touched_room) {
        Py_ssize_t room = objects->touched_room * 2 + 64;
        HsTouched *grown = PyMem_RawRealloc(objects->touched_at, sizeof(HsTouched) * (size_t)room);
        if (grown == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        objects->touched_at = grown;
        objects->touched_room = room;
    }
    entry->block = block;
    objects->touched_at[objects->touched_count++] = (HsTouched){entry->oid, back};
    return 0;
}

static int
emit_new(HsObjects *objects, HsEntry *entry)
{
    HsBuffer *buffer = hs_event(objects, OP_NEW);
    hs_uv(buffer, (uint64_t)entry->oid);
    hs_u8(buffer, entry->kind);
    if (hs_put_str(hs_writer_of(objects), entry->type_name) < 0
        || hs_put_contents(objects, entry) < 0) {
        return -1;
    }
    return touch(objects, entry, 0);
}

/* What died before it was read is named all the same: others refer to it. */
static int
leave_empty(HsEntry *entry)
{
    if (!hs_is(entry->text)) {
        hs_replace(&entry->text, PyUnicode_FromString(""));
    }
    if (!hs_is(entry->content)) {
        hs_replace(&entry->content, PyBytes_FromString(""));
    }
    return entry->text == NULL || entry->content == NULL ? -1 : 0;
}

static int
drain(HsObjects *objects)
{
    PyObject *queue = objects->queue;
    for (Py_ssize_t done = 0; done < PyList_GET_SIZE(queue); done++) {
        HsEntry *entry = (HsEntry *)Py_NewRef(PyList_GET_ITEM(queue, done));
        PyObject *value = hs_entry_object(entry);
        int said = value == NULL ? leave_empty(entry) : read_shadow(objects, entry, value);
        entry->settled = (char)(value != NULL && said == 0 && is_settled(entry, value));
        if (said == 0) {
            said = emit_new(objects, entry);
        }
        Py_XDECREF(value);
        Py_DECREF(entry);
        if (said < 0) {
            return -1;
        }
    }
    hs_empty_list(queue);
    return 0;
}

PyObject *
hs_known(HsObjects *objects, PyObject *value)
{
    if (hs_is_scalar(value)) {
        return Py_NewRef(value);
    }
    HsEntry *entry = hs_entry_at(objects, value);
    if (entry != NULL) {
        return Py_NewRef(entry);
    }
    entry = hs_make_known(objects, value);
    if (entry != NULL) {
        return Py_NewRef(entry);
    }
    objects->room = FIRST_SIGHT;
    Py_INCREF(value);
    PyObject *added = add(objects, value, 0);
    if (added != NULL && drain(objects) < 0) {
        Py_CLEAR(added);
    }
    Py_DECREF(value);
    return added;
}

PyObject *
hs_namespace(HsObjects *objects, PyObject *value)
{
    return hs_answer(objects, "namespace", value, NULL, NULL);
}

/* ---- Events ---- */

static int
put_pairs(HsObjects *objects, HsEntry *entry)
{
    HsBuffer *buffer = hs_buffer_of(objects);
    Py_ssize_t count = size_of(entry->items);
    int has_keys = hs_is(entry->keys);
    hs_uv(buffer, (uint64_t)entry->total);
    hs_uv(buffer, (uint64_t)count);
    for (Py_ssize_t place = 0; place < count; place++) {
        if ((has_keys && hs_put_value(objects, PyList_GET_ITEM(entry->keys, place)) < 0)
            || hs_put_value(objects, PyList_GET_ITEM(entry->items, place)) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
put_attrs(HsObjects *objects, HsEntry *entry)
{
    HsBuffer *buffer = hs_buffer_of(objects);
    Py_ssize_t count = size_of(entry->attrs);
    hs_uv(buffer, (uint64_t)entry->attr_total);
    hs_uv(buffer, (uint64_t)count);
    for (Py_ssize_t place = 0; place < count; place++) {
        if (hs_put_str(hs_writer_of(objects), PyList_GET_ITEM(entry->attr_names, place)) < 0
            || hs_put_value(objects, PyList_GET_ITEM(entry->attrs, place)) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
put_text(HsBuffer *buffer, PyObject *text)
{
    PyObject *encoded = PyUnicode_AsEncodedString(text, "utf-8", "surrogatepass");
    if (encoded == NULL) {
        return -1;
    }
    hs_uv(buffer, (uint64_t)PyBytes_GET_SIZE(encoded));
    hs_bytes(buffer, PyBytes_AS_STRING(encoded), PyBytes_GET_SIZE(encoded));
    Py_DECREF(encoded);
    return 0;
}

int
hs_put_contents(HsObjects *objects, HsEntry *entry)
{
    HsBuffer *buffer = hs_buffer_of(objects);
    int kind = entry->kind, mask = 0;
    mask |= has_items(kind) ? PART_ITEMS : 0;
    mask |= has_attrs(kind) && (entry->attr_total > 0 || kind == K_INSTANCE || kind == K_CLASS)
                ? PART_ATTRS
                : 0;
    mask |= has_text(kind) ? PART_TEXT : 0;
    mask |= entry->value != hs.unbound || kind == K_CELL ? PART_VALUE : 0;
    mask |= kind == K_BYTEARRAY ? PART_BYTES : 0;
    mask |= hs_is(entry->cls) ? PART_CLASS : 0;
    mask |= kind == K_CLASS && PyBytes_GET_SIZE(entry->content) > 0 ? PART_NAME : 0;
    hs_u8(buffer, mask);
    if (((mask & PART_ITEMS) && put_pairs(objects, entry) < 0)
        || ((mask & PART_ATTRS) && put_attrs(objects, entry) < 0)
        || ((mask & PART_TEXT) && put_text(buffer, entry->text) < 0)
        || ((mask & PART_VALUE) && hs_put_value(objects, entry->value) < 0)) {
        return -1;
    }
    if (mask & PART_BYTES) {
        Py_ssize_t length = PyBytes_GET_SIZE(entry->content);
        hs_uv(buffer, (uint64_t)entry->total);
        hs_uv(buffer, (uint64_t)length);
        hs_bytes(buffer, PyBytes_AS_STRING(entry->content), length);
    }
    if ((mask & PART_CLASS) && hs_put_value(objects, entry->cls) < 0) {
        return -1;
    }
    if (mask & PART_NAME) {
        Py_ssize_t length = PyBytes_GET_SIZE(entry->content);
        hs_uv(buffer, (uint64_t)length);
        hs_bytes(buffer, PyBytes_AS_STRING(entry->content), length);
    }
    return 0;
}

int
hs_contents_event(HsObjects *objects, HsEntry *entry, int why)
{
    HsBuffer *buffer = hs_event(objects, OP_CONTENTS);
    hs_uv(buffer, (uint64_t)entry->oid);
    hs_u8(buffer, why);
    return hs_put_contents(objects, entry);
}

/* Is it far to where all of an object was told last? */
static int
is_far(HsEntry *entry)
{
    Py_ssize_t parts = size_of(entry->items) + size_of(entry->attrs);
    return entry->hops >= MAX_HOPS || entry->changes > (parts > 16 ? parts : 16);
}

static int
begin_in_block(HsObjects *objects, HsEntry *entry)
{
    int64_t back = hs_writer_of(objects)->block - entry->block;
    int is_told = is_far(entry);
    entry->hops++;
    if (is_told) {
        if (hs_contents_event(objects, entry, WHY_CHECKPOINT) < 0) {
            return -1;
        }
        entry->hops = entry->changes = 0;
        back = 0;
    }
    return touch(objects, entry, back);
}

int
hs_can_begin_in_block(HsObjects *objects, HsEntry *entry)
{
    PyListObject *changed = (PyListObject *)objects->changed_now;
    return !is_far(entry) && objects->touched_count < objects->touched_room
           && changed->allocated - PyList_GET_SIZE(changed) >= 2;
}

void
hs_begin_in_block(HsObjects *objects, HsEntry *entry)
{
    /* There is room for all of it. */
    hs_push(objects->changed_now, (PyObject *)entry);
    hs_push(objects->changed_now, Py_False);
    objects->uncommitted = 1;
    entry->hops++;
    touch(objects, entry, hs_writer_of(objects)->block - entry->block);
}

int
hs_begin_change(HsObjects *objects, HsEntry *entry)
{
    int in_block = entry->block == hs_writer_of(objects)->block;
    hs_forget_links(entry);
    if ((hs_may_be_watched(objects, entry)
         && hs_ask(objects->watches, "changes", (PyObject *)entry, NULL, NULL) < 0)
        || PyList_Append(objects->changed_now, (PyObject *)entry) < 0
        || PyList_Append(objects->changed_now, in_block ? Py_True : Py_False) < 0
        || (!in_block && begin_in_block(objects, entry) < 0)) {
        return -1;
    }
    entry->changes++;
    objects->events++;
    return 0;
}

/* Begins a change event: its opcode and the object's number. */
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

int
hs_set_item(HsObjects *objects, HsEntry *entry, Py_ssize_t place, PyObject *value)
{
    PyObject *known = hs_is_entry(value) ? Py_NewRef(value) : hs_known(objects, value);
    if (known == NULL) {
        return -1;
    }
    PyObject *old = PyList_GET_ITEM(entry->items, place);
    if (known == old) {
        Py_DECREF(known);
        return 0;
    }
    HsBuffer *buffer = change(objects, entry, OP_ITEM_SET);
    if (buffer != NULL) {
        hs_uv(buffer, (uint64_t)place);
    }
    if (buffer == NULL || hs_put_value(objects, known) < 0) {
        Py_DECREF(known);
        return -1;
    }
    PyList_SET_ITEM(entry->items, place, known);
    int noted = hs_lost(objects, old);
    Py_DECREF(old);
    return noted;
}

int
hs_append_item(HsObjects *objects, HsEntry *entry, PyObject *value)
{
    PyObject *known = hs_known(objects, value);
    if (known == NULL) {
        return -1;
    }
    int done = change(objects, entry, OP_APPEND) == NULL || hs_put_value(objects, known) < 0 ? -1
                                                                                           : 0;
    if (done == 0 && entry->items == NULL) {
        entry->items = hs_new_row(0);
    }
    if (done == 0) {
        done = entry->items == NULL ? -1 : PyList_Append(entry->items, known);
        entry->total++;
    }
    Py_DECREF(known);
    return done;
}

int
hs_append_pair(HsObjects *objects, HsEntry *entry, PyObject *key, PyObject *value)
{
    PyObject *known_key = hs_known(objects, key);
    PyObject *known = known_key == NULL ? NULL : hs_known(objects, value);
    int done = known == NULL || change(objects, entry, OP_APPEND) == NULL
                       || hs_put_value(objects, known_key) < 0 || hs_put_value(objects, known) < 0
                   ? -1
                   : 0;
    if (done == 0 && entry->items == NULL) {
        entry->items = hs_new_row(0);
        done = entry->items == NULL ? -1 : 0;
    }
    if (done == 0 && hs_is(entry->keys)) {
        done = PyList_Append(entry->keys, known_key);
    }
    if (done == 0) {
        done = PyList_Append(entry->items, known);
        entry->total++;
    }
    Py_XDECREF(known_key);
    Py_XDECREF(known);
    return done;
}

int
hs_correct_length(HsObjects *objects, HsEntry *entry, Py_ssize_t total)
{
    if (entry->total == total) {
        return 0;
    }
    HsBuffer *buffer = change(objects, entry, OP_LENGTH);
    if (buffer == NULL) {
        return -1;
    }
    hs_uv(buffer, (uint64_t)total);
    entry->total = total;
    return 0;
}

int
hs_note_seen(HsObjects *objects)
{
    int done = 0;
    for (int place = 0; done == 0 && place < objects->seen_count; place++) {
        done = PyList_Append(objects->changed_now, (PyObject *)objects->seen[place]) < 0
                       || PyList_Append(objects->changed_now, Py_True) < 0
                   ? -1
                   : 0;
    }
    objects->seen_count = 0;
    return done;
}

int
hs_forget_uncommitted(HsObjects *objects)
{
    hs_empty_list(objects->made_now);
    hs_empty_list(objects->changed_now);
    hs_empty_list(objects->dead_now);
    objects->uncommitted = 0;
    return 0;
}

/* ---- Death ---- */

int
hs_lost(HsObjects *objects, PyObject *known)
{
    if (!hs_is_entry(known) || !hs_is(((HsEntry *)known)->pin)) {
        return 0;
    }
    return PyList_Append(objects->suspects, known);
}

static int
lose_all(HsObjects *objects, PyObject *row)
{
    for (Py_ssize_t place = 0; place < size_of(row); place++) {
        if (hs_lost(objects, PyList_GET_ITEM(row, place)) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Takes what a number stands for out of a dict. */
static int
drop_number(PyObject *table, PyObject *oid)
{
    if (PyDict_GET_SIZE(table) == 0) {
        return 0;
    }
    /* To delete what is not there makes an exception. */
    PyObject *found = PyDict_GetItemWithError(table, oid);
    return found != NULL ? PyDict_DelItem(table, oid) : PyErr_Occurred() ? -1 : 0;
}

int
hs_drop_number(PyObject *table, HsEntry *entry)
{
    PyObject *oid = PyLong_FromLongLong(entry->oid);
    int done = oid == NULL ? -1 : drop_number(table, oid);
    Py_XDECREF(oid);
    return done;
}

/* Asks ArrayShadows.bury. */
static int
bury_array(HsObjects *objects, HsEntry *entry)
{
    PyObject *arrays = PyObject_GetAttrString((PyObject *)objects, "arrays");
    int done = arrays == NULL ? -1 : hs_ask(arrays, "bury", (PyObject *)entry, NULL, NULL);
    Py_XDECREF(arrays);
    return done;
}

/* Takes an entry out of the tables of its kind. */
static int
bury_kind(HsObjects *objects, HsEntry *entry)
{
    if (entry->kind == K_GENERATOR || entry->kind == K_COROUTINE
        || entry->kind == K_ASYNC_GENERATOR) {
        return drop_number(objects->by_frame, entry->value);
    }
    if (entry->kind == K_ARRAY) {
        return bury_array(objects, entry);
    }
    if (entry->kind != K_CELL || PyDict_GET_SIZE(objects->cells) == 0) {
        return 0;
    }
    PyObject *oid = PyLong_FromLongLong(entry->oid), *named;
    Py_ssize_t at = 0;
    int done = oid == NULL ? -1 : 0;
    while (done == 0 && PyDict_Next(objects->cells, &at, NULL, &named)) {
        done = drop_number(named, oid);
    }
    Py_XDECREF(oid);
    return done;
}

int
hs_bury(HsObjects *objects, HsEntry *entry)
{
    void *address = (void *)(uintptr_t)entry->key;
    if (entry->mapped) {
        Py_XDECREF(hs_map_pop((HsIdMap *)objects->by_id, address));
    }
    entry->alive = 0;
    hs_forget_links(entry);
    if (PyList_Append(objects->dead_now, (PyObject *)entry) < 0) {
        return -1;
    }
    if (!entry->told && !hs_is(entry->ref) && hs_drop_number(objects->pinned, entry) < 0) {
        return -1;
    }
    if (PyDict_GET_SIZE(objects->recompared) > 0
        && hs_drop_number(objects->recompared, entry) < 0) {
        return -1;
    }
    if (((HsIdMap *)objects->owners)->used > 0) {
        Py_XDECREF(hs_map_pop((HsIdMap *)objects->owners, address));
    }
    PyObject *keys = hs_is(entry->keys) ? entry->keys : NULL;
    if (lose_all(objects, entry->items) < 0 || lose_all(objects, keys) < 0
        || lose_all(objects, entry->attrs) < 0 || hs_lost(objects, entry->value) < 0
        || bury_kind(objects, entry) < 0) {
        return -1;
    }
    hs_replace(&entry->items, NULL);
    hs_replace(&entry->keys, NULL);
    hs_replace(&entry->attrs, NULL);
    hs_replace(&entry->ref, NULL);
    hs_replace(&entry->cls, NULL);
    hs_replace(&entry->home, NULL);
    return 0;
}

/* ---- What Python code calls ---- */

static PyObject *
method_known(HsObjects *self, PyObject *value)
{
    return hs_known(self, value);
}

static PyObject *
method_entry_of(HsObjects *self, PyObject *value)
{
    HsEntry *entry = hs_entry_at(self, value);
    entry = entry != NULL ? entry : hs_owner_of(self, value);
    return Py_NewRef(entry != NULL ? (PyObject *)entry : Py_None);
}

static PyObject *
method_known_inside(HsObjects *self, PyObject *value)
{
    return known_inside(self, value);
}

static PyObject *
method_variable(HsObjects *self, PyObject *value)
{
    return hs_variable(self, value);
}

static PyObject *
method_add(HsObjects *self, PyObject *args)
{
    PyObject *value;
    int kind;
    return PyArg_ParseTuple(args, "Oi", &value, &kind) ? add(self, value, kind) : NULL;
}

static int
is_entry(PyObject *value)
{
    if (!hs_is_entry(value)) {
        PyErr_SetString(PyExc_TypeError, "this takes an entry");
        return 0;
    }
    return 1;
}

static PyObject *
method_hold(HsObjects *self, PyObject *args)
{
    PyObject *entry, *value;
    return !PyArg_ParseTuple(args, "OO", &entry, &value) || !is_entry(entry)
                   || hold(self, (HsEntry *)entry, value) < 0
               ? NULL
               : Py_NewRef(Py_None);
}

static PyObject *
method_drain(HsObjects *self, PyObject *Py_UNUSED(ignored))
{
    return drain(self) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *
method_begin_change(HsObjects *self, PyObject *entry)
{
    return !is_entry(entry) || hs_begin_change(self, (HsEntry *)entry) < 0
               ? NULL
               : Py_NewRef(hs_writer_of(self)->buf);
}

static PyObject *
method_compare(HsObjects *self, PyObject *entry)
{
    Py_ssize_t seen = 0;
    return !is_entry(entry) || hs_compare(self, (HsEntry *)entry, &seen) < 0
               ? NULL
               : PyLong_FromSsize_t(seen);
}

static PyObject *
method_bury(HsObjects *self, PyObject *entry)
{
    return !is_entry(entry) || hs_bury(self, (HsEntry *)entry) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *
method_lost(HsObjects *self, PyObject *known)
{
    return hs_lost(self, known) < 0 ? NULL : Py_NewRef(Py_None);
}

/* What was said of an object last counts: in `touched`, when it was said more than once. */
static int
put_touched(HsObjects *self, HsBuffer *out)
{
    PyObject *oid, *back;
    Py_ssize_t again = PyDict_GET_SIZE(self->touched), count = 0, at = 0;
    for (Py_ssize_t place = 0; place < self->touched_count; place++) {
        HsTouched touched = self->touched_at[place];
        int is_there = 0;
        if (again > 0) {
            oid = PyLong_FromLongLong(touched.oid);
            is_there = oid == NULL ? -1 : PyDict_Contains(self->touched, oid);
            Py_XDECREF(oid);
        }
        if (is_there < 0) {
            return -1;
        }
        if (!is_there) {
            self->touched_at[count++] = touched;
        }
    }
    self->touched_count = count;
    hs_uv(out, (uint64_t)(count + again));
    for (Py_ssize_t place = 0; place < count; place++) {
        hs_uv(out, (uint64_t)self->touched_at[place].oid);
        hs_uv(out, (uint64_t)self->touched_at[place].back);
    }
    while (PyDict_Next(self->touched, &at, &oid, &back)) {
        hs_uv(out, (uint64_t)PyLong_AsLongLong(oid));
        hs_uv(out, (uint64_t)PyLong_AsLongLong(back));
    }
    return 0;
}

/* The objects of the block that ends; from now on the next one's are collected. */
static PyObject *
method_directory(HsObjects *self, PyObject *Py_UNUSED(ignored))
{
    HsBuffer *out = (HsBuffer *)HsBuffer_Type.tp_alloc(&HsBuffer_Type, 0);
    if (out == NULL) {
        return NULL;
    }
    if (put_touched(self, out) < 0) {
        Py_DECREF(out);
        return NULL;
    }
    PyObject *bytes = out->failed ? PyErr_NoMemory()
                                  : PyBytes_FromStringAndSize((char *)out->bytes, out->length);
    PyObject *fresh = bytes == NULL ? NULL : PyDict_New();
    Py_DECREF(out);
    if (fresh == NULL) {
        Py_XDECREF(bytes);
        return NULL;
    }
    hs_replace(&self->touched, fresh);
    self->touched_count = 0;
    return bytes;
}

static PyObject *
method_committed(HsObjects *self, PyObject *Py_UNUSED(ignored))
{
    return hs_committed(self) < 0 ? NULL : Py_NewRef(Py_None);
}

PyMethodDef hs_objects_methods[] = {
    {"entry_of", (PyCFunction)method_entry_of, METH_O, NULL},
    {"known", (PyCFunction)method_known, METH_O, NULL},
    {"_known", (PyCFunction)method_known_inside, METH_O, NULL},
    {"variable", (PyCFunction)method_variable, METH_O, NULL},
    {"_add", (PyCFunction)method_add, METH_VARARGS, NULL},
    {"_hold", (PyCFunction)method_hold, METH_VARARGS, NULL},
    {"stale", (PyCFunction)hs_stale, METH_O, NULL},
    {"restate", (PyCFunction)hs_restate, METH_VARARGS, NULL},
    {"_drain", (PyCFunction)method_drain, METH_NOARGS, NULL},
    {"begin_change", (PyCFunction)method_begin_change, METH_O, NULL},
    {"compare", (PyCFunction)method_compare, METH_O, NULL},
    {"bury", (PyCFunction)method_bury, METH_O, NULL},
    {"lost", (PyCFunction)method_lost, METH_O, NULL},
    {"directory", (PyCFunction)method_directory, METH_NOARGS, NULL},
    {"committed", (PyCFunction)method_committed, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
