/* How does one value become bytes (FORMAT.md, section 5), and when is a variable unchanged?
 *
 * The frequent values are written here; big numbers and long texts go to values.ValueEncoder. */
#include "simple_values.h"

PyObject *
hs_answer(void *self, const char *name, PyObject *first, PyObject *second, PyObject *third)
{
    PyObject *called = PyUnicode_FromString(name);
    if (called == NULL) {
        return NULL;
    }
    PyObject *args[4] = {self, first, second, third};
    size_t count = 1 + (first != NULL) + (second != NULL) + (third != NULL);
    PyObject *answer = PyObject_VectorcallMethod(called, args, count, NULL);
    Py_DECREF(called);
    return answer;
}

int
hs_ask(void *self, const char *name, PyObject *first, PyObject *second, PyObject *third)
{
    PyObject *answer = hs_answer(self, name, first, second, third);
    Py_XDECREF(answer);
    return answer == NULL ? -1 : 0;
}

int
hs_put_new_str(HsWriter *writer, PyObject *text)
{
    HsBuffer *buffer = (HsBuffer *)writer->buf;
    PyObject *encoded = NULL;
    const char *bytes;
    Py_ssize_t length;
    if (PyUnicode_IS_COMPACT_ASCII(text)) {
        bytes = (const char *)PyUnicode_1BYTE_DATA(text);
        length = PyUnicode_GET_LENGTH(text);
    }
    else {
        encoded = PyUnicode_AsEncodedString(text, "utf-8", "surrogatepass");
        if (encoded == NULL) {
            return -1;
        }
        bytes = PyBytes_AS_STRING(encoded);
        length = PyBytes_GET_SIZE(encoded);
    }
    if (length <= HS_MAX_TABLE_STRING) {
        PyObject *place = PyLong_FromSsize_t(PyDict_GET_SIZE(writer->strings) + 1);
        int put = place == NULL ? -1 : PyDict_SetItem(writer->strings, text, place);
        Py_XDECREF(place);
        if (put < 0) {
            Py_XDECREF(encoded);
            return -1;
        }
    }
    hs_u8(buffer, 0);
    hs_uv(buffer, (uint64_t)length);
    hs_bytes(buffer, bytes, length);
    Py_XDECREF(encoded);
    return 0;
}

uint8_t *
hs_new_text_to(uint8_t *to, HsObjects *objects, PyObject *text)
{
    HsWriter *writer = hs_writer_of(objects);
    HsBuffer *buffer = hs_buffer_of(objects);
    const Py_ssize_t start = buffer->length;
    if (!hs_is_short_text(objects, text)) {
        return NULL;
    }
    *to++ = V_STR;
    buffer->length = to - buffer->bytes;
    int put = hs_put_new_str(writer, text);
    to = hs_room(buffer, HS_ROOM_BEHIND);
    buffer->length = start;
    if (put < 0) {
        PyErr_Clear();
        return NULL;
    }
    writer->new_texts = 1;
    return to;
}

int64_t
hs_place_of_str(HsWriter *writer, PyObject *text)
{
    HsText *known = &writer->texts[hs_hash_address((uintptr_t)text) % HS_TEXTS];
    if (known->text == text && known->block == writer->block + 1) {
        return (int64_t)known->place;
    }
    PyObject *place = PyDict_GetItemWithError(writer->strings, text);
    if (place == NULL) {
        return -1;
    }
    uint64_t number = (uint64_t)PyLong_AsLongLong(place);
    /* What is not in the log yet can be taken back. */
    if (writer->texts_block == writer->block && (int64_t)number <= writer->texts_in_log
        && PyUnicode_CHECK_INTERNED(text)) {
        known->block = writer->block + 1;
        known->place = number;
        hs_replace(&known->text, Py_NewRef(text));
    }
    return (int64_t)number;
}

int
hs_put_str(HsWriter *writer, PyObject *text)
{
    int64_t place = hs_place_of_str(writer, text);
    if (place >= 0) {
        hs_uv((HsBuffer *)writer->buf, (uint64_t)place);
        return 0;
    }
    return PyErr_Occurred() ? -1 : hs_put_new_str(writer, text);
}

static Py_ssize_t
short_length(HsObjects *objects)
{
    if (objects->short_length == 0) {
        PyObject *found = PyObject_GetAttrString(objects->encoder, "_short");
        if (found == NULL) {
            return -1;
        }
        objects->short_length = PyLong_AsSsize_t(found);
        Py_DECREF(found);
    }
    return objects->short_length;
}

/* 1 written, 0 not one of the frequent values, -1 failed. */
static int
put_frequent(HsObjects *objects, HsBuffer *buffer, PyObject *known)
{
    PyTypeObject *type = Py_TYPE(known);
    if (type == &PyLong_Type) {
        int overflow;
        Py_ssize_t digit;
        if (hs_small_int(known, &digit)) {
            hs_u8(buffer, V_INT);
            hs_sv(buffer, digit);
            return 1;
        }
        int64_t number = PyLong_AsLongLongAndOverflow(known, &overflow);
        if (overflow || number <= -HS_INT_LIMIT || number >= HS_INT_LIMIT) {
            return 0;
        }
        hs_u8(buffer, V_INT);
        hs_sv(buffer, number);
        return 1;
    }
    if (type == hs.entry) {
        hs_u8(buffer, V_OBJECT);
        hs_uv(buffer, (uint64_t)((HsEntry *)known)->oid);
        return 1;
    }
    if (type == &PyUnicode_Type) {
        Py_ssize_t limit = short_length(objects);
        if (limit < 0) {
            return -1;
        }
        if (PyUnicode_GET_LENGTH(known) > limit) {
            return 0;
        }
        hs_u8(buffer, V_STR);
        return hs_put_str(hs_writer_of(objects), known) < 0 ? -1 : 1;
    }
    if (type == &PyFloat_Type) {
        hs_u8(buffer, V_FLOAT);
        hs_double(buffer, PyFloat_AS_DOUBLE(known));
        return 1;
    }
    if (known == Py_None) {
        hs_u8(buffer, V_NONE);
        return 1;
    }
    if (known == Py_True || known == Py_False) {
        hs_u8(buffer, known == Py_True ? V_TRUE : V_FALSE);
        return 1;
    }
    if (known == hs.unbound) {
        hs_u8(buffer, V_UNBOUND);
        return 1;
    }
    if (type == hs.not_recorded) {
        PyObject *reason = PyObject_GetAttrString(known, "reason");
        long number = reason == NULL ? -1 : PyLong_AsLong(reason);
        Py_XDECREF(reason);
        hs_u8(buffer, V_NOT_RECORDED);
        hs_u8(buffer, (int)number);
        return number < 0 ? -1 : 1;
    }
    return 0;
}

int
hs_put_value(HsObjects *objects, PyObject *known)
{
    HsBuffer *buffer = hs_buffer_of(objects);
    int written = put_frequent(objects, buffer, known);
    if (written != 0) {
        return written < 0 ? -1 : 0;
    }
    return hs_ask(objects->encoder, "put", (PyObject *)buffer, known, NULL);
}

static int
same_long_text(PyObject *old, PyObject *new_value)
{
    PyObject *first = PyObject_GetAttrString(old, "encoded");
    PyObject *second = first == NULL ? NULL : PyObject_GetAttrString(new_value, "encoded");
    int same = -1;
    if (second != NULL) {
        same = PyBytes_GET_SIZE(first) == PyBytes_GET_SIZE(second)
               && memcmp(PyBytes_AS_STRING(first), PyBytes_AS_STRING(second),
                         (size_t)PyBytes_GET_SIZE(first)) == 0;
    }
    Py_XDECREF(first);
    Py_XDECREF(second);
    return same;
}

static int
same_int(PyObject *old, PyObject *new_value)
{
    int overflow_old, overflow_new;
    Py_ssize_t first, second;
    if (hs_small_int(old, &first) && hs_small_int(new_value, &second)) {
        return first == second;
    }
    long long a = PyLong_AsLongLongAndOverflow(old, &overflow_old);
    long long b = PyLong_AsLongLongAndOverflow(new_value, &overflow_new);
    if (!overflow_old && !overflow_new) {
        return a == b;
    }
    if (overflow_old != overflow_new) {
        return 0;
    }
    return PyObject_RichCompareBool(old, new_value, Py_EQ);
}

static int
same_str(PyObject *old, PyObject *new_value)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(old);
    int kind = PyUnicode_KIND(old);
    return length == PyUnicode_GET_LENGTH(new_value) && kind == (int)PyUnicode_KIND(new_value)
           && memcmp(PyUnicode_DATA(old), PyUnicode_DATA(new_value), (size_t)(length * kind)) == 0;
}

int
hs_same(PyObject *old, PyObject *new_value)
{
    if (old == new_value) {
        return 1;
    }
    PyTypeObject *type = Py_TYPE(new_value);
    if (type != Py_TYPE(old)) {
        return 0;
    }
    if (type == &PyLong_Type) {
        return same_int(old, new_value);
    }
    if (type == &PyUnicode_Type) {
        return same_str(old, new_value);
    }
    if (type == &PyBytes_Type) {
        Py_ssize_t length = PyBytes_GET_SIZE(old);
        return length == PyBytes_GET_SIZE(new_value)
               && memcmp(PyBytes_AS_STRING(old), PyBytes_AS_STRING(new_value), (size_t)length)
                      == 0;
    }
    return type == hs.long_text ? same_long_text(old, new_value) : 0;
}

/* Does a scalar variable need a LongText in its place? 1 yes, 0 no, -1 failed. */
static int
is_long(HsObjects *objects, PyObject *scalar)
{
    PyTypeObject *type = Py_TYPE(scalar);
    if (type == &PyLong_Type) {
        int overflow = 0;
        Py_ssize_t digit;
        if (!hs_small_int(scalar, &digit)) {
            PyLong_AsLongLongAndOverflow(scalar, &overflow);
        }
        return overflow != 0;
    }
    if (type != &PyUnicode_Type && type != &PyBytes_Type) {
        return 0;
    }
    Py_ssize_t limit = short_length(objects);
    if (limit < 0) {
        return -1;
    }
    return (type == &PyBytes_Type ? PyBytes_GET_SIZE(scalar) : PyUnicode_GET_LENGTH(scalar)) > limit;
}

PyObject *
hs_variable(HsObjects *objects, PyObject *value)
{
    if (!hs_is_scalar(value)) {
        return hs_known(objects, value);
    }
    int is_one = is_long(objects, value);
    if (is_one < 0) {
        return NULL;
    }
    if (!is_one) {
        return Py_NewRef(value);
    }
    return hs_answer(objects->encoder, "shorten", value, NULL, NULL);
}
