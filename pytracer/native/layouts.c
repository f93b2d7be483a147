/* What does an object look like, and what are its attributes? Asked of layouts.Layout.
 *
 * Everything is read through the interpreter's own descriptors: no code of the program runs. */
#include "hindsight.h"
#include "internals.h"

/* The descriptor behind a bound `__get__`, a member or a getter: a new reference. */
static PyObject *
descriptor_of(PyObject *bound)
{
    PyObject *descriptor = PyObject_GetAttrString(bound, "__self__");
    if (descriptor != NULL && Py_TYPE(descriptor) != &PyMemberDescr_Type
        && Py_TYPE(descriptor) != &PyGetSetDescr_Type) {
        Py_DECREF(descriptor);
        PyErr_SetString(PyExc_TypeError, "a layout reads by other descriptors");
        return NULL;
    }
    return descriptor;
}

static PyObject *
slot_name(HsLayout *layout, Py_ssize_t place)
{
    return PyTuple_GET_ITEM(PyTuple_GET_ITEM(layout->slots, place), 0);
}

static int
prepare_slots(HsLayout *layout)
{
    Py_ssize_t count = PyTuple_GET_SIZE(layout->slots);
    PyMem_RawFree(layout->members);
    layout->members = PyMem_RawMalloc(sizeof(PyMemberDef *) * (size_t)(count + 1));
    if (layout->members == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t place = 0; place < count; place++) {
        PyObject *pair = PyTuple_GET_ITEM(layout->slots, place);
        layout->members[place] = NULL;
        if (Py_IS_TYPE(PyTuple_GET_ITEM(pair, 1), &PyMethodDescr_Type)) {
            continue;
        }
        PyObject *member = descriptor_of(PyTuple_GET_ITEM(pair, 1));
        if (member == NULL) {
            return -1;
        }
        /* The bound method keeps the descriptor. */
        layout->members[place] = Py_IS_TYPE(member, &PyMemberDescr_Type)
                                     ? ((PyMemberDescrObject *)member)->d_member
                                     : NULL;
        Py_DECREF(member);
    }
    layout->slot_count = count;
    layout->distinct = 1;
    for (Py_ssize_t place = 0; place < count; place++) {
        for (Py_ssize_t other = 0; other < place; other++) {
            /* A class and its base may have slots of one name. */
            layout->distinct &= PyUnicode_Compare(slot_name(layout, place),
                                                  slot_name(layout, other)) != 0;
        }
    }
    return PyErr_Occurred() ? -1 : 0;
}

static int
prepare(HsLayout *layout, PyTypeObject *type)
{
    layout->dict_getter = NULL;
    layout->dict_member = NULL;
    if (hs_is(layout->get_dict)) {
        PyObject *found = descriptor_of(layout->get_dict);
        if (found == NULL) {
            return -1;
        }
        if (Py_IS_TYPE(found, &PyMemberDescr_Type)) {
            layout->dict_member = ((PyMemberDescrObject *)found)->d_member;
        }
        else {
            PyGetSetDef *getset = ((PyGetSetDescrObject *)found)->d_getset;
            layout->dict_getter = getset->get;
            layout->dict_closure = getset->closure;
        }
        Py_DECREF(found);
    }
    PyObject *key = PyLong_FromVoidPtr(type);
    int listed = key == NULL || hs.passive == NULL ? -1 : PySet_Contains(hs.passive, key);
    Py_XDECREF(key);
    if (listed < 0 || prepare_slots(layout) < 0) {
        return -1;
    }
    if (PyUnicode_CheckExact(layout->name)) {
        /* Each new object names it: only interned texts are found without a look into the table. */
        PyUnicode_InternInPlace(&layout->name);
    }
    layout->listed = (char)listed;
    layout->tells = (char)hs_tells_death(type);
    layout->ready = 1;
    return 0;
}

HsLayout *
hs_layout_of(PyTypeObject *type)
{
    HsLayout *layout = (HsLayout *)hs_map_get((HsIdMap *)hs.layouts, type);
    if (layout == NULL || ((PyWeakReference *)layout->ref)->wr_object != (PyObject *)type) {
        /* The table keeps it. */
        PyObject *made = PyObject_CallOneArg(hs.layout_of, (PyObject *)type);
        if (made == NULL) {
            return NULL;
        }
        layout = (HsLayout *)made;
        Py_DECREF(made);
    }
    return layout->ready || prepare(layout, type) == 0 ? layout : NULL;
}

int
hs_lacks_dict(PyObject *value)
{
    const PyTypeObject *type = Py_TYPE(value);
    return type->tp_dictoffset > 0 && (type->tp_flags & Py_TPFLAGS_MANAGED_DICT) == 0
           && *(PyObject **)((char *)value + type->tp_dictoffset) == NULL;
}

PyObject *
hs_instance_dict(PyObject *value, HsLayout *layout)
{
    if (!hs_has_dict(layout)) {
        return NULL;
    }
    if (hs_lacks_dict(value)) {
        return NULL;
    }
    PyObject *found = layout->dict_member != NULL
                          ? PyMember_GetOne((const char *)value, layout->dict_member)
                          : layout->dict_getter(value, layout->dict_closure);
    if (found == NULL) {
        if (PyErr_ExceptionMatches(PyExc_AttributeError)) {
            PyErr_Clear();
        }
        return NULL;
    }
    if (!PyDict_Check(found)) {
        Py_CLEAR(found);
    }
    return found;
}

PyObject *
hs_known_dict(PyObject *value, HsLayout *layout)
{
    if (layout->dict_getter != NULL
        && (Py_TYPE(value)->tp_flags & Py_TPFLAGS_MANAGED_DICT) != 0) {
        PyObject *made = hs_made_dict(value);
        return made != NULL && PyDict_Check(made) ? Py_NewRef(made) : NULL;
    }
    return hs_instance_dict(value, layout);
}

void
hs_free_attrs(HsAttrs *attrs)
{
    for (Py_ssize_t place = 0; place < attrs->count; place++) {
        Py_DECREF(attrs->at[place].name);
        Py_DECREF(attrs->at[place].value);
    }
    if (attrs->at != attrs->few) {
        PyMem_RawFree(attrs->at);
    }
    attrs->count = 0;
    attrs->at = attrs->few;
}

int
hs_add_attr(HsAttrs *attrs, PyObject *name, PyObject *value)
{
    if (attrs->count == attrs->capacity) {
        size_t size = sizeof(HsAttr) * (size_t)attrs->capacity * 2;
        HsAttr *grown = PyMem_RawRealloc(attrs->at == attrs->few ? NULL : attrs->at, size);
        if (grown == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        if (attrs->at == attrs->few) {
            memcpy(grown, attrs->few, sizeof attrs->few);
        }
        attrs->at = grown;
        attrs->capacity *= 2;
    }
    attrs->at[attrs->count++] = (HsAttr){Py_NewRef(name), Py_NewRef(value)};
    return 0;
}

/* They count all the same. */
static void
left_out(HsAttrs *attrs, Py_ssize_t size, Py_ssize_t limit)
{
    attrs->total += size > limit ? size - limit : 0;
}

static int
add_names(HsAttrs *attrs, PyObject *names, Py_ssize_t limit)
{
    PyObject *name, *value;
    Py_ssize_t at = 0, seen = 0;
    left_out(attrs, PyDict_GET_SIZE(names), limit);
    while (seen++ < limit && PyDict_Next(names, &at, &name, &value)) {
        if (PyUnicode_CheckExact(name) && hs_add_attr(attrs, name, value) < 0) {
            return -1;
        }
    }
    return 0;
}

/* What a slot holds: a new reference; NULL without an exception when it is unbound. */
static PyObject *
slot_value(PyObject *object, PyMemberDef *slot)
{
    if (slot->type == Py_T_OBJECT_EX) {
        /* Without the exception that the interpreter would make. */
        return Py_XNewRef(*(PyObject **)((char *)object + slot->offset));
    }
    PyObject *value = PyMember_GetOne((const char *)object, slot);
    if (value == NULL && PyErr_ExceptionMatches(PyExc_AttributeError)) {
        PyErr_Clear();
    }
    return value;
}

/* Puts the value of a slot in the place of what the dict, the first `count`, has under its name;
 * 0 there is none, -1 failed. */
static int
hide_attr(HsAttrs *attrs, Py_ssize_t count, PyObject *name, PyObject *value)
{
    for (Py_ssize_t place = 0; place < count; place++) {
        int same = PyUnicode_Compare(attrs->at[place].name, name) == 0;
        if (PyErr_Occurred()) {
            return -1;
        }
        if (same) {
            Py_SETREF(attrs->at[place].value, Py_NewRef(value));
            return 1;
        }
    }
    return 0;
}

static int
add_slots(HsAttrs *attrs, PyObject *object, HsLayout *layout)
{
    Py_ssize_t of_dict = attrs->count;
    for (Py_ssize_t place = 0; place < layout->slot_count; place++) {
        PyObject *pair = PyTuple_GET_ITEM(layout->slots, place);
        PyObject *value = layout->members[place] != NULL
                              ? slot_value(object, layout->members[place])
                              : PyObject_CallOneArg(PyTuple_GET_ITEM(pair, 1), object);
        if (value == NULL) {
            if (PyErr_Occurred()) {
                return -1;
            }
            continue;
        }
        PyObject *name = PyTuple_GET_ITEM(pair, 0);
        int added = hide_attr(attrs, of_dict, name, value);
        added = added == 0 ? hs_add_attr(attrs, name, value) : added;
        Py_DECREF(value);
        if (added < 0) {
            return -1;
        }
    }
    return 0;
}

/* Takes over the reference to `value`, which may be NULL. */
static int
add_if_there(HsAttrs *attrs, const char *name, PyObject *value)
{
    if (value == NULL) {
        return 0;
    }
    PyObject *text = PyUnicode_InternFromString(name);
    int added = text == NULL ? -1 : hs_add_attr(attrs, text, value);
    Py_XDECREF(text);
    Py_DECREF(value);
    return added;
}

static void
keep_first(HsAttrs *attrs, Py_ssize_t limit)
{
    attrs->total += attrs->count;
    while (attrs->count > limit) {
        attrs->count--;
        Py_DECREF(attrs->at[attrs->count].name);
        Py_DECREF(attrs->at[attrs->count].value);
    }
}

/* Attributes that stand in the instance itself: no dict is made for us. */
static int
add_inline(HsAttrs *attrs, PyTypeObject *type, PyDictValues *values, Py_ssize_t limit)
{
    PyDictUnicodeEntry *names = DK_UNICODE_ENTRIES(hs_inline_names(type));
    int count = hs_inline_count(values);
    left_out(attrs, count, limit);
    for (int place = 0; place < count && place < limit; place++) {
        int index = hs_inline_index(values, place);
        if (hs_add_attr(attrs, names[index].me_key, values->values[index]) < 0) {
            return -1;
        }
    }
    return 0;
}

int
hs_read_attrs(PyObject *value, HsLayout *layout, Py_ssize_t limit, HsAttrs *attrs)
{
    attrs->at = attrs->few;
    attrs->count = attrs->total = 0;
    attrs->capacity = HS_FEW_ATTRS;
    if (layout->kind == K_CLASS) {
        return 0;
    }
    PyDictValues *values =
        layout->dict_getter != NULL ? hs_inline_values(value, Py_TYPE(value)) : NULL;
    if (values != NULL && add_inline(attrs, Py_TYPE(value), values, limit) < 0) {
        return -1;
    }
    PyObject *names = values != NULL ? NULL
                      : layout->kind == K_FUNCTION
                          ? Py_XNewRef(((PyFunctionObject *)value)->func_dict)
                          : hs_instance_dict(value, layout);
    if (names == NULL && PyErr_Occurred()) {
        return -1;
    }
    if (names != NULL) {
        int is_ordered = PyODict_CheckExact(names);
        int added = is_ordered ? 0 : add_names(attrs, names, limit);
        Py_DECREF(names);
        if (is_ordered || added < 0) {
            return added;
        }
    }
    if (layout->slot_count > 0 && add_slots(attrs, value, layout) < 0) {
        return -1;
    }
    if (layout->kind == K_EXCEPTION
        && (add_if_there(attrs, "__cause__", PyException_GetCause(value)) < 0
            || add_if_there(attrs, "__context__", PyException_GetContext(value)) < 0)) {
        return -1;
    }
    keep_first(attrs, limit);
    return 1;
}

int
hs_read_class_attrs(PyTypeObject *cls, Py_ssize_t limit, HsAttrs *attrs)
{
    attrs->at = attrs->few;
    attrs->count = attrs->total = 0;
    attrs->capacity = HS_FEW_ATTRS;
    PyObject *name, *value;
    Py_ssize_t at = 0;
    while (PyDict_Next(cls->tp_dict, &at, &name, &value)) {
        int is_hidden = PyUnicode_CheckExact(name) ? PySet_Contains(hs.hidden_in_class, name) : 1;
        if (is_hidden < 0 || (!is_hidden && hs_add_attr(attrs, name, value) < 0)) {
            return -1;
        }
    }
    attrs->total = attrs->count;
    /* Which are kept of more is for Python to say. */
    return attrs->count > limit ? 0 : 1;
}

/* The type behind layouts.Layout. */

static PyMemberDef layout_members[] = {
    {"ref", _Py_T_OBJECT, offsetof(HsLayout, ref), 0, NULL},
    {"name", _Py_T_OBJECT, offsetof(HsLayout, name), 0, NULL},
    {"get_dict", _Py_T_OBJECT, offsetof(HsLayout, get_dict), 0, NULL},
    {"slots", _Py_T_OBJECT, offsetof(HsLayout, slots), 0, NULL},
    {"passive", _Py_T_OBJECT, offsetof(HsLayout, passive), 0, NULL},
    {"reader", _Py_T_OBJECT, offsetof(HsLayout, reader), 0, NULL},
    {"passive_count", Py_T_LONGLONG, offsetof(HsLayout, passive_count), 0, NULL},
    {"kind", Py_T_INT, offsetof(HsLayout, kind), 0, NULL},
    {"changeable", Py_T_BOOL, offsetof(HsLayout, changeable), 0, NULL},
    {"ready", Py_T_BOOL, offsetof(HsLayout, ready), 0, NULL},
    {"python_class", Py_T_BOOL, offsetof(HsLayout, python_class), 0, NULL},
    {"names_class", Py_T_BOOL, offsetof(HsLayout, names_class), 0, NULL},
    {"hides", Py_T_BOOL, offsetof(HsLayout, hides), 0, NULL},
    {"holds_weakly", Py_T_BOOL, offsetof(HsLayout, holds_weakly), 0, NULL},
    {"tells_all", Py_T_BOOL, offsetof(HsLayout, tells_all), 0, NULL},
    {NULL, 0, 0, 0, NULL},
};

static void
layout_dealloc(HsLayout *self)
{
    PyMem_RawFree(self->members);
    Py_CLEAR(self->ref);
    Py_CLEAR(self->name);
    Py_CLEAR(self->get_dict);
    Py_CLEAR(self->slots);
    Py_CLEAR(self->passive);
    Py_CLEAR(self->reader);
    Py_TYPE(self)->tp_free(self);
}

PyTypeObject HsLayout_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "hindsight_core.LayoutFields",
    .tp_basicsize = sizeof(HsLayout),
    .tp_dealloc = (destructor)layout_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_members = layout_members,
    .tp_new = PyType_GenericNew,
};
