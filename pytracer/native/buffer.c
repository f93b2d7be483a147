/* Where do encoded events wait until they are in the log?
 *
 * In a buffer that C fills without a call, and that Python sees as it sees a bytearray: `append`,
 * `+=`, `clear`, `len`, `del buf[:]`, and as a bytes-like object. Its bytes may be in the tail already,
 * where they will belong. */
#include "hindsight.h"

/* 1 the buffer's own memory has room, 0 there is none. */
static int
own_room(HsBuffer *buffer, Py_ssize_t wanted)
{
    if (wanted <= buffer->own_capacity) {
        return 1;
    }
    if (wanted < 0 || wanted > PY_SSIZE_T_MAX / 2) {
        return 0;
    }
    Py_ssize_t capacity = wanted + wanted / 2 + 256;
    uint8_t *own = PyMem_RawRealloc(buffer->own, (size_t)capacity);
    if (own == NULL) {
        return 0;
    }
    if (buffer->bytes == buffer->own) {
        buffer->bytes = own;
        buffer->capacity = capacity;
    }
    buffer->own = own;
    buffer->own_capacity = capacity;
    return 1;
}

void
hs_buffer_take_back(HsBuffer *buffer)
{
    if (buffer->bytes == buffer->own) {
        return;
    }
    /* What is lent is never more than there is room for. */
    memcpy(buffer->own, buffer->bytes, (size_t)buffer->length);
    buffer->bytes = buffer->own;
    buffer->capacity = buffer->own_capacity;
}

void
hs_buffer_lend(HsBuffer *buffer, uint8_t *to)
{
    if (buffer->length == 0 && buffer->exports == 0 && own_room(buffer, HS_LENT)) {
        buffer->bytes = to;
        buffer->capacity = HS_LENT;
    }
}

uint8_t *
hs_buffer_grow(HsBuffer *buffer, Py_ssize_t more)
{
    hs_buffer_take_back(buffer);
    if (buffer->exports > 0 || !own_room(buffer, buffer->length + more)) {
        buffer->failed = 1;
        return NULL;
    }
    return buffer->bytes + buffer->length;
}

static int
check_whole(HsBuffer *self)
{
    if (self->failed) {
        self->failed = 0;
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

static void
buffer_dealloc(HsBuffer *self)
{
    PyMem_RawFree(self->own);
    Py_TYPE(self)->tp_free(self);
}

static PyObject *
buffer_append(HsBuffer *self, PyObject *number)
{
    long byte = PyLong_AsLong(number);
    if (byte == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (byte < 0 || byte > 255) {
        PyErr_SetString(PyExc_ValueError, "byte must be in range(0, 256)");
        return NULL;
    }
    hs_u8(self, (int)byte);
    return check_whole(self) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *
buffer_clear(HsBuffer *self, PyObject *Py_UNUSED(ignored))
{
    self->length = 0;
    self->failed = 0;
    Py_RETURN_NONE;
}

static PyObject *
buffer_extend(PyObject *op, PyObject *other)
{
    HsBuffer *self = (HsBuffer *)op;
    if (PyBytes_CheckExact(other)) {
        hs_bytes(self, PyBytes_AS_STRING(other), PyBytes_GET_SIZE(other));
    }
    else {
        Py_buffer view;
        if (PyObject_GetBuffer(other, &view, PyBUF_SIMPLE) < 0) {
            return NULL;
        }
        hs_bytes(self, view.buf, view.len);
        PyBuffer_Release(&view);
    }
    return check_whole(self) < 0 ? NULL : Py_NewRef(self);
}

static Py_ssize_t
buffer_length(PyObject *op)
{
    return ((HsBuffer *)op)->length;
}

static PyObject *
buffer_subscript(PyObject *op, PyObject *key)
{
    HsBuffer *self = (HsBuffer *)op;
    PyObject *whole = PyBytes_FromStringAndSize((char *)self->bytes, self->length);
    if (whole == NULL) {
        return NULL;
    }
    PyObject *found = PyObject_GetItem(whole, key);
    Py_DECREF(whole);
    return found;
}

/* `del buf[:]`, and nothing else. */
static int
buffer_delete(PyObject *op, PyObject *key, PyObject *value)
{
    if (value != NULL || !PySlice_Check(key)) {
        PyErr_SetString(PyExc_TypeError, "only the whole buffer can be deleted");
        return -1;
    }
    ((HsBuffer *)op)->length = 0;
    ((HsBuffer *)op)->failed = 0;
    return 0;
}

static int
buffer_export(PyObject *op, Py_buffer *view, int flags)
{
    HsBuffer *self = (HsBuffer *)op;
    static uint8_t nothing;
    hs_buffer_take_back(self);
    void *start = self->bytes != NULL ? self->bytes : &nothing;
    if (PyBuffer_FillInfo(view, op, start, self->length, 1, flags) < 0) {
        return -1;
    }
    self->exports++;
    return 0;
}

static void
buffer_release(PyObject *op, Py_buffer *Py_UNUSED(view))
{
    ((HsBuffer *)op)->exports--;
}

static PyMethodDef buffer_methods[] = {
    {"append", (PyCFunction)buffer_append, METH_O, "Append one byte."},
    {"clear", (PyCFunction)buffer_clear, METH_NOARGS, "Forget all bytes."},
    {NULL, NULL, 0, NULL},
};

static PySequenceMethods buffer_as_sequence = {
    .sq_length = buffer_length,
    .sq_inplace_concat = buffer_extend,
};

static PyMappingMethods buffer_as_mapping = {
    .mp_length = buffer_length,
    .mp_subscript = buffer_subscript,
    .mp_ass_subscript = buffer_delete,
};

static PyBufferProcs buffer_as_buffer = {
    .bf_getbuffer = buffer_export,
    .bf_releasebuffer = buffer_release,
};

PyTypeObject HsBuffer_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "hindsight_core.EventBuffer",
    .tp_basicsize = sizeof(HsBuffer),
    .tp_dealloc = (destructor)buffer_dealloc,
    .tp_as_sequence = &buffer_as_sequence,
    .tp_as_mapping = &buffer_as_mapping,
    .tp_as_buffer = &buffer_as_buffer,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = buffer_methods,
    .tp_new = PyType_GenericNew,
};
