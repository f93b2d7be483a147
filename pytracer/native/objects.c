/* What does the log know of an object, and what has changed in it? Asked of objects.ObjectTable. */
#include "hindsight.h"

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
    return hs_answer(objects, "known", value, NULL, NULL);
}

PyObject *
hs_namespace(HsObjects *objects, PyObject *value)
{
    return hs_answer(objects, "namespace", value, NULL, NULL);
}

int
hs_begin_change(HsObjects *objects, HsEntry *entry)
{
    return hs_ask(objects, "begin_change", (PyObject *)entry, NULL, NULL);
}

int
hs_compare(HsObjects *objects, HsEntry *entry, Py_ssize_t *seen)
{
    PyObject *looked = hs_answer(objects, "compare", (PyObject *)entry, NULL, NULL);
    if (looked == NULL) {
        return -1;
    }
    if (seen != NULL) {
        *seen += PyLong_AsSsize_t(looked);
    }
    Py_DECREF(looked);
    return PyErr_Occurred() ? -1 : 0;
}

int
hs_set_item(HsObjects *objects, HsEntry *entry, Py_ssize_t place, PyObject *value)
{
    PyObject *number = PyLong_FromSsize_t(place);
    if (number == NULL) {
        return -1;
    }
    int set = hs_ask(objects, "set_item", (PyObject *)entry, number, value);
    Py_DECREF(number);
    return set;
}

int
hs_append_item(HsObjects *objects, HsEntry *entry, PyObject *value)
{
    return hs_ask(objects, "append_item", (PyObject *)entry, value, NULL);
}

int
hs_append_pair(HsObjects *objects, HsEntry *entry, PyObject *key, PyObject *value)
{
    return hs_ask(objects, "append_pair", (PyObject *)entry, key, value);
}

int
hs_lost(HsObjects *objects, PyObject *known)
{
    if (!hs_is_entry(known) || !hs_is(((HsEntry *)known)->pin)) {
        return 0;
    }
    return PyList_Append(objects->suspects, known);
}

static int
clear_list(PyObject *list)
{
    return PyList_GET_SIZE(list) > 0 ? PyList_SetSlice(list, 0, PY_SSIZE_T_MAX, NULL) : 0;
}

int
hs_forget_uncommitted(HsObjects *objects)
{
    if (clear_list(objects->made_now) < 0 || clear_list(objects->changed_now) < 0) {
        return -1;
    }
    return clear_list(objects->dead_now);
}
