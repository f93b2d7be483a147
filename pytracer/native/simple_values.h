/* Which values need a few bytes and nothing else? Written where there is room for them already. */
#ifndef HINDSIGHT_SIMPLE_VALUES_H
#define HINDSIGHT_SIMPLE_VALUES_H

#include "hindsight.h"
#include "internals.h"

/* What an event of a few numbers and one value takes at most. */
enum { HS_SIMPLE_ROOM = 64 };
/* What there is room for behind a new text. */
enum { HS_ROOM_BEHIND = 256 };

static inline uint8_t *
hs_uv_to(uint8_t *to, uint64_t number)
{
    while (number > 0x7F) {
        *to++ = (uint8_t)(number & 0x7F) | 0x80;
        number >>= 7;
    }
    *to++ = (uint8_t)number;
    return to;
}

/* A V_INT that is in its limits. */
static inline uint8_t *
hs_int_to(uint8_t *to, int64_t number)
{
    *to++ = V_INT;
    return hs_uv_to(to, number >= 0 ? (uint64_t)number * 2 : (uint64_t)(-(number + 1)) * 2 + 1);
}

/* Where events go on when there is room for a simple one, else NULL. */
static inline uint8_t *
hs_simple_room(HsBuffer *buffer)
{
    return buffer->length + HS_SIMPLE_ROOM <= buffer->capacity ? buffer->bytes + buffer->length
                                                              : NULL;
}

/* Writes a scalar or a known object: where it ends, and in *known what shadows hold for it (borrowed).
 * NULL when it is not as simple: what was written then does not count. */
static inline uint8_t *
hs_simple_to(uint8_t *to, HsObjects *objects, PyObject *live, PyObject **known)
{
    PyTypeObject *type = Py_TYPE(live);
    Py_ssize_t digit;
    *known = live;
    if (type == &PyLong_Type) {
        int overflow = 0;
        int64_t number =
            hs_small_int(live, &digit) ? digit : PyLong_AsLongLongAndOverflow(live, &overflow);
        if (overflow != 0 || number <= -HS_INT_LIMIT || number >= HS_INT_LIMIT) {
            return NULL;
        }
        return hs_int_to(to, number);
    }
    if (type == &PyFloat_Type) {
        double real = PyFloat_AS_DOUBLE(live);
        uint64_t bits;
        memcpy(&bits, &real, sizeof bits);
        *to++ = V_FLOAT;
        for (int place = 0; place < 8; place++) {
            *to++ = (uint8_t)(bits >> (8 * place));
        }
        return to;
    }
    if (type == &PyUnicode_Type) {
        int64_t place = PyUnicode_GET_LENGTH(live) > objects->short_length
                            ? -1
                            : hs_place_of_str(hs_writer_of(objects), live);
        *to++ = V_STR;
        return place < 0 ? NULL : hs_uv_to(to, (uint64_t)place);
    }
    if (live == Py_None || live == Py_True || live == Py_False) {
        *to++ = live == Py_None ? V_NONE : live == Py_True ? V_TRUE : V_FALSE;
        return to;
    }
    *known = hs_is_scalar_type(type) ? NULL : (PyObject *)hs_entry_at(objects, live);
    if (*known == NULL) {
        return NULL;
    }
    *to++ = V_OBJECT;
    return hs_uv_to(to, (uint64_t)((HsEntry *)*known)->oid);
}

/* Is this a text that can be written at a glance, whether the block's table has it or not? */
static inline int
hs_is_short_text(HsObjects *objects, PyObject *live)
{
    return PyUnicode_CheckExact(live) && PyUnicode_IS_COMPACT_ASCII(live)
           && PyUnicode_GET_LENGTH(live) <= objects->short_length;
}

/* The same of a text that the block's table does not have yet. It is in the table then: nothing that can
 * fail may come between this and the end of the event. */
uint8_t *hs_new_text_to(uint8_t *to, HsObjects *objects, PyObject *text);

/* Is what a shadow held before of no interest to others? */
static inline int
hs_can_be_let_go(PyObject *old)
{
    return !hs_is_entry(old) || !hs_is(((HsEntry *)old)->pin);
}

#endif
