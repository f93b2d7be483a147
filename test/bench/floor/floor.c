// What would a recorder cost that records nothing? `callback` is called by the interpreter in the shortest way that it
// has and does nothing; `trace(True)` sets a C trace function that does nothing.
#include <Python.h>
#include <stdbool.h>
#include <stddef.h>
#include <structmember.h> // PyMemberDef before 3.12

typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
} Callback;

static PyObject *do_nothing(PyObject *self, PyObject *const *arguments, size_t count, PyObject *names)
{
    (void)self, (void)arguments, (void)count, (void)names;
    Py_RETURN_NONE;
}

static void dealloc_callback(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMemberDef callback_members[] = {
    {"__vectorcalloffset__", 19, offsetof(Callback, call), 1, NULL}, // a read-only Py_ssize_t
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot callback_slots[] = {
    {Py_tp_dealloc, (void *)dealloc_callback},
    {Py_tp_call, (void *)PyVectorcall_Call},
    {Py_tp_members, callback_members},
    {0, NULL},
};

static PyType_Spec callback_spec = {
    .name = "hindsight_floor.Callback",
    .basicsize = sizeof(Callback),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = callback_slots,
};

static int trace_nothing(PyObject *self, PyFrameObject *frame, int what, PyObject *argument)
{
    (void)self, (void)frame, (void)what, (void)argument;
    return 0;
}

static PyObject *trace(PyObject *module, PyObject *on)
{
    (void)module;
    int is_on = PyObject_IsTrue(on);
    if (is_on < 0)
        return NULL;
    PyEval_SetTrace(is_on ? trace_nothing : NULL, NULL);
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"trace", trace, METH_O, "Set or remove a trace function that does nothing."},
    {NULL, NULL, 0, NULL},
};

static int add_callback(PyObject *module)
{
    PyTypeObject *type = (PyTypeObject *)PyType_FromSpec(&callback_spec);
    if (type == NULL)
        return -1;
    Callback *callback = PyObject_New(Callback, type);
    Py_DECREF(type);
    if (callback == NULL)
        return -1;
    callback->call = do_nothing;
    int failed = PyModule_AddObjectRef(module, "callback", (PyObject *)callback);
    Py_DECREF(callback);
    return failed;
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, (void *)add_callback},
    {0, NULL},
};

static PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "hindsight_floor",
    .m_methods = functions,
    .m_slots = module_slots,
};

PyMODINIT_FUNC PyInit_hindsight_floor(void)
{
    return PyModuleDef_Init(&module);
}
