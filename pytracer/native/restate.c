/* What does a later part of a bounded recording say of the objects that are alive? Asked of
 * objects.ObjectTable by parts.py: the whole shadow of each. */
#include "hindsight.h"

static int
note_stale(PyObject *found, PyObject *known)
{
    return hs_is_entry(known) && !((HsEntry *)known)->alive ? PyList_Append(found, known) : 0;
}

static int
note_row(PyObject *found, PyObject *row)
{
    Py_ssize_t count = hs_is(row) ? PyList_GET_SIZE(row) : 0;
    for (Py_ssize_t place = 0; place < count; place++) {
        if (note_stale(found, PyList_GET_ITEM(row, place)) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
is_entries(PyObject *entries)
{
    if (!PyList_CheckExact(entries)) {
        PyErr_SetString(PyExc_TypeError, "this takes a list of entries");
        return 0;
    }
    for (Py_ssize_t place = 0; place < PyList_GET_SIZE(entries); place++) {
        if (!hs_is_entry(PyList_GET_ITEM(entries, place))) {
            PyErr_SetString(PyExc_TypeError, "this takes a list of entries");
            return 0;
        }
    }
    return 1;
}

/* ObjectTable.stale */
PyObject *
hs_stale(HsObjects *Py_UNUSED(self), PyObject *entries)
{
    PyObject *found = is_entries(entries) ? PyList_New(0) : NULL;
    for (Py_ssize_t place = 0; found != NULL && place < PyList_GET_SIZE(entries); place++) {
        HsEntry *entry = (HsEntry *)PyList_GET_ITEM(entries, place);
        if (note_row(found, entry->items) < 0 || note_row(found, entry->keys) < 0
            || note_row(found, entry->attrs) < 0
            || (entry->value != NULL && note_stale(found, entry->value) < 0)
            || (hs_is(entry->cls) && note_stale(found, entry->cls) < 0)) {
            Py_CLEAR(found);
        }
    }
    return found;
}

static int
restate(HsObjects *objects, HsEntry *entry)
{
    HsBuffer *buffer = hs_buffer_of(objects);
    hs_u8(buffer, OP_NEW);
    hs_uv(buffer, (uint64_t)entry->oid);
    hs_u8(buffer, entry->kind);
    if (hs_put_str(hs_writer_of(objects), entry->type_name) < 0
        || hs_put_contents(objects, entry) < 0) {
        return -1;
    }
    return entry->alive && !entry->unknown
               ? 0
               : hs_ask(objects, "_restate_lack", (PyObject *)entry, NULL, NULL);
}

/* ObjectTable.restate */
PyObject *
hs_restate(HsObjects *self, PyObject *args)
{
    PyObject *entries;
    Py_ssize_t place, limit;
    if (!PyArg_ParseTuple(args, "Onn", &entries, &place, &limit) || !is_entries(entries)) {
        return NULL;
    }
    while (place >= 0 && place < PyList_GET_SIZE(entries) && hs_buffer_of(self)->length < limit) {
        HsEntry *entry = (HsEntry *)Py_NewRef(PyList_GET_ITEM(entries, place));
        place++;
        int said = restate(self, entry);
        Py_DECREF(entry);
        if (said < 0) {
            return NULL;
        }
    }
    if (hs_buffer_of(self)->failed) {
        return PyErr_NoMemory();
    }
    return PyLong_FromSsize_t(place);
}
