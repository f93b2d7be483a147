/* How is a callback called where the program has used up the recursion limit?
 *
 * With room on top of it: the interpreter calls what is made here without a look at the limit. */
#include "events.h"

typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject *function;
} HsRoomy;

static PyObject *
call_with_room(PyObject *op, PyObject *const *args, size_t flags, PyObject *Py_UNUSED(names))
{
    return hs_call_with_room(((HsRoomy *)op)->function, args, PyVectorcall_NARGS(flags));
}

static void
roomy_dealloc(HsRoomy *self)
{
    Py_XDECREF(self->function);
    Py_TYPE(self)->tp_free(self);
}

/* Roomy(function): called as the function is, with arguments that have no names. */
static PyObject *
roomy_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(names))
{
    PyObject *function;
    if (!PyArg_ParseTuple(args, "O", &function)) {
        return NULL;
    }
    HsRoomy *self = (HsRoomy *)type->tp_alloc(type, 0);
    if (self != NULL) {
        self->call = call_with_room;
        self->function = Py_NewRef(function);
    }
    return (PyObject *)self;
}

PyTypeObject HsRoomy_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "hindsight_core.Roomy",
    .tp_basicsize = sizeof(HsRoomy),
    .tp_dealloc = (destructor)roomy_dealloc,
    .tp_vectorcall_offset = offsetof(HsRoomy, call),
    .tp_call = PyVectorcall_Call,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_new = roomy_new,
};
