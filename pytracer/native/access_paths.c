/* Which object does an access path lead to now? As access_paths.py answers it, and like there no
 * code of the program runs. */
#include "peek.h"

/* ---- Making them ---- */

void
hs_free_path(Path *path)
{
    if (path == NULL) {
        return;
    }
    hs_free_path(path->first);
    hs_free_path(path->second);
    Py_XDECREF(path->name);
    Py_XDECREF(path->source);
    PyMem_RawFree(path);
}

static int
compile_variable(Path *path, HsCodePlan *plan, int is_deref)
{
    PyObject *slot = PyDict_GetItemWithError(plan->slot_of, path->name);
    if (slot == NULL && PyErr_Occurred()) {
        return -1;
    }
    if (is_deref && !plan->fast) {
        path->kind = PATH_IN_PYTHON;
    }
    else if (slot == NULL) {
        path->kind = PATH_MISSING;
    }
    else {
        path->kind = PATH_SLOT;
        path->slot = (int)PyLong_AsLong(slot);
    }
    return 0;
}

static int
is_kind(PyObject *source, const char *kind)
{
    return PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(source, 0), kind) == 0;
}

static int
compile_pair(Path *path, PyObject *first, PyObject *second, HsCodePlan *plan)
{
    return hs_compile_path(first, plan, &path->first) < 0
                   || hs_compile_path(second, plan, &path->second) < 0
               ? -1
               : 0;
}

static int
compile_attr(Path *path, PyObject *source, HsCodePlan *plan)
{
    PyObject *owner = PyTuple_GET_ITEM(source, 1);
    path->name = Py_NewRef(PyTuple_GET_ITEM(source, 2));
    if (is_kind(owner, "super")) {
        path->kind = PATH_INHERITED;
        return compile_pair(path, PyTuple_GET_ITEM(owner, 1), PyTuple_GET_ITEM(owner, 2), plan);
    }
    path->kind = PATH_ATTR;
    return hs_compile_path(owner, plan, &path->first);
}

static int
compile_into(Path *path, PyObject *source, HsCodePlan *plan)
{
    if (is_kind(source, "attr")) {
        return compile_attr(path, source, plan);
    }
    if (is_kind(source, "item")) {
        path->kind = PATH_ITEM;
        return compile_pair(path, PyTuple_GET_ITEM(source, 1), PyTuple_GET_ITEM(source, 2), plan);
    }
    if (is_kind(source, "fresh") || is_kind(source, "made")) {
        path->kind = PATH_NEW;
        return 0;
    }
    path->name = Py_NewRef(PyTuple_GET_ITEM(source, 1));
    if (is_kind(source, "const")) {
        path->kind = PATH_CONST;
        return 0;
    }
    if (is_kind(source, "local") || is_kind(source, "deref")) {
        return compile_variable(path, plan, is_kind(source, "deref"));
    }
    path->kind = is_kind(source, "name")      ? PATH_NAME
                 : is_kind(source, "global")  ? PATH_GLOBAL
                 : is_kind(source, "builtin") ? PATH_BUILTIN
                                              : PATH_MISSING;
    return 0;
}

int
hs_compile_path(PyObject *source, HsCodePlan *plan, Path **path)
{
    *path = NULL;
    if (source == Py_None) {
        return 0;
    }
    if (!PyTuple_CheckExact(source) || PyTuple_GET_SIZE(source) < 1) {
        PyErr_SetString(PyExc_TypeError, "a path is a tuple");
        return -1;
    }
    Path *made = PyMem_RawCalloc(1, sizeof(Path));
    if (made == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    made->source = Py_NewRef(source);
    *path = made;
    return compile_into(made, source, plan);
}

/* ---- Names ---- */

/* Looks into a mapping that is a dict: 1 found, 0 not. */
static int
get(PyObject *names, PyObject *name, Found *found)
{
    PyObject *value = PyDict_GetItemWithError(names, name);
    if (value == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    found->value = Py_NewRef(value);
    return 1;
}

/* Looks into a namespace; *gone when its object is dead. */
static int
get_in(PyObject *entry, PyObject *name, Found *found, int *gone)
{
    PyObject *names = hs_entry_object((HsEntry *)entry);
    *gone = names == NULL;
    if (names == NULL) {
        return 0;
    }
    int there = PyDict_Check(names) ? get(names, name, found) : 0;
    Py_DECREF(names);
    return there;
}

static int
follow_name(const Path *path, HsFrameState *state, Found *found)
{
    int gone = 0, there = 0;
    if (path->kind == PATH_NAME && hs_is(state->locals)) {
        there = get_in(state->locals, path->name, found, &gone);
    }
    if (there == 0 && path->kind != PATH_BUILTIN && hs_is(state->globals)) {
        there = get_in(state->globals, path->name, found, &gone);
        if (gone) {
            return 1;
        }
    }
    if (there == 0) {
        there = get(hs.builtins, path->name, found);
    }
    return there < 0 ? -1 : 1;
}

static int
follow_slot(const Path *path, HsFrameState *state, Found *found)
{
    PyObject *known = PyList_GET_ITEM(state->values, path->slot);
    if (hs_is_entry(known)) {
        found->value = hs_entry_object((HsEntry *)known);
    }
    else if (Py_TYPE(known) == hs.long_text) {
        found->value = PyUnicode_New(0, 0);
    }
    else if (known != hs.unbound && Py_TYPE(known) != hs.not_recorded) {
        found->value = Py_NewRef(known);
    }
    return 1;
}

/* ---- Attributes ---- */

/* An attribute in a class's own dict: borrowed from a class that lives; NULL for none. */
static PyObject *
own_member(PyTypeObject *base, PyObject *name)
{
#if PY_VERSION_HEX >= 0x030C0000
    PyObject *names = PyType_GetDict(base);
    if (names == NULL) {
        return NULL;
    }
    PyObject *found = PyDict_GetItemWithError(names, name);
    Py_DECREF(names);
    return found;
#else
    return base->tp_dict == NULL ? NULL : PyDict_GetItemWithError(base->tp_dict, name);
#endif
}

static int
has_own_getattribute(PyTypeObject *type)
{
    static PyObject *name;
    if (type->tp_getattro == PyObject_GenericGetAttr || type->tp_mro == NULL) {
        return 0;
    }
    if (name == NULL && (name = PyUnicode_InternFromString("__getattribute__")) == NULL) {
        return -1;
    }
    for (Py_ssize_t place = 0; place < PyTuple_GET_SIZE(type->tp_mro); place++) {
        PyObject *found = own_member((PyTypeObject *)PyTuple_GET_ITEM(type->tp_mro, place), name);
        if (found != NULL && PyFunction_Check(found)) {
            return 1;
        }
    }
    return PyErr_Occurred() ? -1 : 0;
}

static int
bind(Found *found, PyObject *function, PyObject *receiver)
{
    found->value = Py_NewRef(function);
    found->receiver = Py_NewRef(receiver);
    return 1;
}

/* The function inside a staticmethod or classmethod. */
static PyObject *
function_inside(PyObject *wrapped)
{
    return PyObject_GetAttrString(wrapped, "__func__");
}

/* What a descriptor stands for that runs no code of the program: 1 done, 0 not one of these. */
static int
unwrap(PyObject *member, PyObject *cls, Found *found)
{
    PyTypeObject *kind = Py_TYPE(member);
    if (kind == &PyStaticMethod_Type) {
        found->value = function_inside(member);
        return found->value == NULL ? -1 : 1;
    }
    if (kind == &PyClassMethod_Type) {
        found->value = function_inside(member);
        found->receiver = Py_NewRef(cls);
        return found->value == NULL ? -1 : 1;
    }
    if (kind == &PyClassMethodDescr_Type) {
        return bind(found, member, cls);
    }
    return 0;
}

static int
class_attribute(PyObject *cls, PyObject *name, Found *found)
{
    PyObject *member = _PyType_Lookup((PyTypeObject *)cls, name);
    if (member == NULL) {
        member = own_member(&PyType_Type, name);
        return member != NULL && hs_is_method(member) ? bind(found, member, cls) : 1;
    }
    int done = unwrap(member, cls, found);
    if (done == 0 && (hs_is_method(member) || Py_TYPE(member)->tp_descr_get == NULL)) {
        found->value = Py_NewRef(member);
    }
    return done < 0 ? -1 : 1;
}

/* Reads a member or getset descriptor. */
static int
read_descriptor(PyObject *member, PyObject *owner, Found *found)
{
    found->value =
        Py_TYPE(member)->tp_descr_get(member, owner, (PyObject *)Py_TYPE(owner));
    if (found->value == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_AttributeError)) {
            return -1;
        }
        PyErr_Clear();
    }
    return 1;
}

static int
is_named(PyObject *name, const char *text)
{
    return PyUnicode_CompareWithASCIIString(name, text) == 0;
}

/* 1 found, 0 not. */
static int
instance_attribute(PyObject *owner, PyObject *name, Found *found)
{
    PyTypeObject *type = Py_TYPE(owner);
    HsLayout *layout = hs_layout_of(type);
    if (layout == NULL) {
        return -1;
    }
    if ((type->tp_flags & Py_TPFLAGS_MANAGED_DICT) != 0) {
        /* To ask for the dict may make it. */
        Py_ssize_t index = -1;
        PyObject *value;
        Peek seen = hs_peek_own(owner, name, &index, &value);
        if (seen != PEEK_ASK) {
            found->value = seen == PEEK_OBJECT ? Py_NewRef(value) : NULL;
            return seen == PEEK_OBJECT;
        }
    }
    PyObject *own = hs_instance_dict(owner, layout);
    if (own == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    int there = get(own, name, found);
    Py_DECREF(own);
    return there;
}

static int
object_attribute(PyObject *owner, PyObject *name, Found *found)
{
    PyTypeObject *type = Py_TYPE(owner);
    PyObject *member = _PyType_Lookup(type, name);
    int own = has_own_getattribute(type);
    if (own < 0 || (own && !is_named(name, "__class__"))) {
        return own < 0 ? -1 : 1;
    }
    if (member != NULL && Py_TYPE(member) == &PyMemberDescr_Type) {
        return read_descriptor(member, owner, found);
    }
    if (member != NULL && Py_TYPE(member) == &PyGetSetDescr_Type) {
        PyObject *called = ((PyGetSetDescrObject *)member)->d_common.d_name;
        return is_named(called, "__dict__") || is_named(called, "__class__")
                   ? read_descriptor(member, owner, found)
                   : 1;
    }
    if (member == NULL || Py_TYPE(member)->tp_descr_set == NULL) {
        Py_XINCREF(member);
        int there = instance_attribute(owner, name, found);
        Py_XDECREF(member);
        if (there != 0) {
            return there;
        }
    }
    if (member == NULL) {
        return 1;
    }
    if (hs_is_method(member)) {
        return bind(found, member, owner);
    }
    int done = unwrap(member, (PyObject *)type, found);
    if (done == 0 && Py_TYPE(member)->tp_descr_get == NULL) {
        found->value = Py_NewRef(member);
    }
    return done < 0 ? -1 : 1;
}

static int
attribute(PyObject *owner, PyObject *name, Found *found)
{
    if (Py_IS_TYPE(owner, &PyModule_Type)) {
        return get(PyModule_GetDict(owner), name, found) < 0 ? -1 : 1;
    }
    if (!PyType_Check(owner)) {
        return object_attribute(owner, name, found);
    }
    int own = Py_IS_TYPE(owner, &PyType_Type) ? 0 : has_own_getattribute(Py_TYPE(owner));
    if (own != 0) {
        return own < 0 ? -1 : 1;
    }
    return class_attribute(owner, name, found);
}

/* Where the bases after a class begin in an order; 0 when it is not in it. */
static Py_ssize_t
place_after(PyObject *order, PyObject *cls)
{
    for (Py_ssize_t place = 0; order != NULL && place < PyTuple_GET_SIZE(order); place++) {
        if (PyTuple_GET_ITEM(order, place) == cls) {
            return place + 1;
        }
    }
    return 0;
}

/* The first member of a name from a place in an order on: borrowed. NULL for none, or with an
 * exception. */
static PyObject *
member_from(PyObject *order, Py_ssize_t place, PyObject *name)
{
    PyObject *member = NULL;
    for (; member == NULL && place < PyTuple_GET_SIZE(order); place++) {
        member = own_member((PyTypeObject *)PyTuple_GET_ITEM(order, place), name);
    }
    return member;
}

PyObject *
hs_inherited_method(PyTypeObject *cls, PyTypeObject *type, PyObject *name)
{
    Py_ssize_t place = place_after(type->tp_mro, (PyObject *)cls);
    PyObject *member = place == 0 ? NULL : member_from(type->tp_mro, place, name);
    if (member == NULL) {
        PyErr_Clear();
    }
    return member != NULL && hs_is_method(member) ? member : NULL;
}

static int
inherited(PyObject *cls, PyObject *owner, PyObject *name, Found *found)
{
    int is_instance = 1;
    PyObject *order = Py_TYPE(owner)->tp_mro;
    Py_ssize_t place = place_after(order, cls);
    if (place == 0 && PyType_Check(owner)) {
        is_instance = 0;
        order = ((PyTypeObject *)owner)->tp_mro;
        place = place_after(order, cls);
    }
    if (place == 0) {
        return 1;
    }
    PyObject *member = member_from(order, place, name);
    if (member == NULL) {
        return PyErr_Occurred() ? -1 : 1;
    }
    if (Py_IS_TYPE(member, &PyClassMethodDescr_Type)) {
        return 1;
    }
    int done = unwrap(member, is_instance ? (PyObject *)Py_TYPE(owner) : owner, found);
    if (done != 0) {
        return done;
    }
    if (hs_is_method(member)) {
        found->value = Py_NewRef(member);
        found->receiver = is_instance ? Py_NewRef(owner) : NULL;
    }
    else if (Py_IS_TYPE(member, &PyCFunction_Type)) {
        found->value = Py_NewRef(member);
    }
    return 1;
}

/* ---- Items ---- */

static int
array_item(PyObject *owner, PyObject *key, Found *found)
{
    if (!PyLong_CheckExact(key) && !PyBool_Check(key)) {
        return 1;
    }
    int overflow;
    long long place = PyLong_AsLongLongAndOverflow(key, &overflow);
    if (overflow) {
        return 1;
    }
    Py_ssize_t size = Py_SIZE(owner);
    place += place < 0 ? size : 0;
    if (place >= 0 && place < size) {
        found->value = Py_NewRef(PyList_CheckExact(owner)
                                     ? PyList_GET_ITEM(owner, (Py_ssize_t)place)
                                     : PyTuple_GET_ITEM(owner, (Py_ssize_t)place));
    }
    return 1;
}

static int
item(PyObject *owner, PyObject *key, Found *found)
{
    if (PyList_CheckExact(owner) || PyTuple_CheckExact(owner)) {
        return array_item(owner, key, found);
    }
    if ((PyDict_CheckExact(owner) || PyODict_CheckExact(owner)
         || Py_TYPE(owner) == hs.default_dict)
        && hs_is_scalar(key)) {
        return get(owner, key, found) < 0 ? -1 : 1;
    }
    return 1;
}

/* ---- Following them ---- */

/* Follows two paths and combines what they lead to, if both lead to an object. */
static int
follow_two(const Path *path, HsFrameState *state, Found *found)
{
    Found first = {NULL, NULL}, second = {NULL, NULL};
    int done = hs_follow(path->first, state, &first);
    if (done > 0 && first.value != NULL) {
        done = hs_follow(path->second, state, &second);
    }
    if (done > 0 && first.value != NULL && second.value != NULL && first.receiver == NULL
        && second.receiver == NULL) {
        done = path->kind == PATH_ITEM
                   ? item(first.value, second.value, found)
                   : inherited(first.value, second.value, path->name, found);
    }
    forget_found(&first);
    forget_found(&second);
    return done;
}

int
hs_follow(const Path *path, HsFrameState *state, Found *found)
{
    found->value = found->receiver = NULL;
    if (path == NULL) {
        return 1;
    }
    switch (path->kind) {
    case PATH_CONST:
        found->value = Py_NewRef(path->name);
        return 1;
    case PATH_SLOT:
        return follow_slot(path, state, found);
    case PATH_NAME:
    case PATH_GLOBAL:
    case PATH_BUILTIN:
        return follow_name(path, state, found);
    case PATH_ATTR: {
        Found owner;
        int done = hs_follow(path->first, state, &owner);
        if (done > 0 && owner.value != NULL) {
            done = attribute(owner.value, path->name, found);
        }
        forget_found(&owner);
        return done;
    }
    case PATH_INHERITED:
    case PATH_ITEM:
        return follow_two(path, state, found);
    case PATH_IN_PYTHON:
        return 0;
    case PATH_NEW:
    case PATH_MISSING:
        return 1;
    }
    return 1;
}
