/* What does the module `hindsight_core` offer to core.py?
 *
 *     adopt(name, object)             what C takes from the Python half, once
 *     attach(recorder, code, plan)    C finds the plan of this code object from now on
 *     frame_key(frame)                what FrameState.frame_id holds
 *     function_locals(frame)          the variables of a function's frame
 *     watch_deaths(objects)           ObjectTable is told when objects die (deaths.c)
 *     forget_deaths(objects)          and no more
 *     deflate(bytes)                  for the payload of a frame of the recording
 *     trace_with, set_trace           the trace function of 3.11
 *     Callback, IdMap, EventBuffer, RecorderLock, Numbers, Sealer and the field types */
#include "hindsight.h"
#include "internals.h"

HsAdopted hs;

static int
adopt_type(PyTypeObject **field, PyObject *value, PyTypeObject *base)
{
    if (!PyType_Check(value)
        || (base != NULL && !PyType_IsSubtype((PyTypeObject *)value, base))) {
        PyErr_SetString(PyExc_TypeError, "this is not the type that C expects");
        return -1;
    }
    *field = (PyTypeObject *)Py_NewRef(value);
    return 0;
}

static int
adopt_named(const char *name, PyObject *value)
{
    const struct {
        const char *name;
        PyTypeObject **field;
        PyTypeObject *base;
    } types[] = {
        {"Entry", &hs.entry, &HsEntry_Type},
        {"FrameState", &hs.frame_state, &HsFrameState_Type},
        {"LinePlan", &hs.line_plan, &HsLinePlan_Type},
        {"CodePlan", &hs.code_plan, &HsCodePlan_Type},
        {"ThreadState", &hs.thread_state, &HsThread_Type},
        {"SeenCall", &hs.seen_call, &HsSeenCall_Type},
        {"EntryRef", &hs.entry_ref, NULL},
        {"LongText", &hs.long_text, NULL},
        {"NotRecorded", &hs.not_recorded, NULL},
    };
    for (size_t place = 0; place < Py_ARRAY_LENGTH(types); place++) {
        if (strcmp(name, types[place].name) == 0) {
            return adopt_type(types[place].field, value, types[place].base);
        }
    }
    if (strcmp(name, "UNBOUND") == 0) {
        hs.unbound = Py_NewRef(value);
        return 0;
    }
    if (strcmp(name, "LEFT_OUT") == 0) {
        hs.left_out = Py_NewRef(value);
        return 0;
    }
    if (strcmp(name, "IN_C") == 0) {
        hs.in_c = Py_NewRef(value);
        return 0;
    }
    if (strcmp(name, "package") == 0 && PyUnicode_CheckExact(value)) {
        hs.package = Py_NewRef(value);
        return 0;
    }
    if (strcmp(name, "swallowers") == 0 && PyBytes_CheckExact(value)) {
        hs.swallowers = Py_NewRef(value);
        return 0;
    }
    const struct {
        const char *name;
        int *field;
    } opcodes[] = {
        {"RESUME", &hs.resume},
        {"RAISE_VARARGS", &hs.raise_varargs},
        {"END_ASYNC_FOR", &hs.end_async_for},
        {"RETURN_VALUE", &hs.return_value},
        {"YIELD_VALUE", &hs.yield_value},
    };
    for (size_t place = 0; place < Py_ARRAY_LENGTH(opcodes); place++) {
        if (strcmp(name, opcodes[place].name) == 0) {
            *opcodes[place].field = (int)PyLong_AsLong(value);
            return PyErr_Occurred() ? -1 : 0;
        }
    }
    int taken = hs_adopt_more(name, value);
    if (taken == 0) {
        PyErr_Format(PyExc_ValueError, "C takes no %s", name);
    }
    return taken > 0 ? 0 : -1;
}

static PyObject *
module_adopt(PyObject *Py_UNUSED(module), PyObject *args)
{
    const char *name;
    PyObject *value;
    if (!PyArg_ParseTuple(args, "sO", &name, &value) || adopt_named(name, value) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *
module_attach(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *recorder, *code, *plan;
    if (!PyArg_ParseTuple(args, "O!O!O!", &HsRecorder_Type, &recorder, &PyCode_Type, &code,
                          &HsCodePlan_Type, &plan)
        || hs_attach((HsRecorder *)recorder, (PyCodeObject *)code, (HsCodePlan *)plan) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *
module_frame_key(PyObject *Py_UNUSED(module), PyObject *frame)
{
    if (!PyFrame_Check(frame)) {
        PyErr_SetString(PyExc_TypeError, "only frames have a key");
        return NULL;
    }
    return PyLong_FromVoidPtr(hs_frame_of((PyFrameObject *)frame));
}

/* The variables of a function's frame by name, without the snapshot that `f_locals` leaves in the
 * frame up to 3.12. */
static PyObject *
module_function_locals(PyObject *Py_UNUSED(module), PyObject *object)
{
    if (!PyFrame_Check(object)) {
        PyErr_SetString(PyExc_TypeError, "only frames have variables");
        return NULL;
    }
    HsFrame *frame = hs_frame_of((PyFrameObject *)object);
    PyCodeObject *code = hs_frame_code(frame);
    PyObject *names = PyDict_New();
    for (int slot = 0; names != NULL && slot < hs_code_slots(code); slot++) {
        PyObject *value = hs_frame_slot(frame, slot);
        if (value != NULL && (hs_code_slot_kind(code, slot) & HS_SLOT_IS_CELL) != 0
            && PyCell_Check(value)) {
            value = PyCell_GET(value);
        }
        if (value != NULL && PyDict_SetItem(names, hs_code_slot_name(code, slot), value) < 0) {
            Py_CLEAR(names);
        }
    }
    return names;
}

static PyObject *
module_lacks_dict(PyObject *Py_UNUSED(module), PyObject *value)
{
    return PyBool_FromLong(hs_lacks_dict(value));
}

static PyObject *
module_inline_attributes(PyObject *Py_UNUSED(module), PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);
    PyDictValues *values = hs_inline_values(value, type);
    if (values == NULL || hs_made_dict(value) != NULL) {
        Py_RETURN_NONE;
    }
    PyDictKeysObject *keys = hs_inline_names(type);
    PyObject *attributes = PyDict_New();
    for (int place = 0; attributes != NULL && place < hs_inline_count(values); place++) {
        int index = hs_inline_index(values, place);
        PyObject *live = values->values[index];
        if (live != NULL
            && PyDict_SetItem(attributes, DK_UNICODE_ENTRIES(keys)[index].me_key, live) < 0) {
            Py_CLEAR(attributes);
        }
    }
    return attributes;
}

static PyObject *
module_watch_deaths(PyObject *Py_UNUSED(module), PyObject *objects)
{
    if (!PyObject_TypeCheck(objects, &HsObjects_Type)) {
        PyErr_SetString(PyExc_TypeError, "deaths are told to a table of objects");
        return NULL;
    }
    return hs_watch_deaths((HsObjects *)objects) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *
module_forget_deaths(PyObject *Py_UNUSED(module), PyObject *objects)
{
    hs_forget_deaths((HsObjects *)objects);
    Py_RETURN_NONE;
}

static PyMethodDef module_methods[] = {
    {"adopt", module_adopt, METH_VARARGS, "Take a type or object of the Python half."},
    {"attach", module_attach, METH_VARARGS, "Make a plan known to C."},
#if PY_VERSION_HEX < 0x030C0000
    {"trace_with", hs_trace_with, METH_VARARGS, "Serve this source from now on."},
    {"set_trace", hs_set_trace, METH_O, "Trace this thread; the function is what Python sees."},
    {"is_traced", hs_is_traced, METH_NOARGS, "Say whether this thread is traced by C."},
#endif
    {"watch_deaths", module_watch_deaths, METH_O, "Tell a table of objects of their deaths."},
    {"forget_deaths", module_forget_deaths, METH_O, "Tell it no more; it is empty."},
    {"deflate", hs_deflate, METH_O, "Return bytes deflated, or themselves when that is no gain."},
    {"function_locals", module_function_locals, METH_O, "Return a function's variables."},
    {"lacks_dict", module_lacks_dict, METH_O, "Say whether asking for a dict would make it."},
    {"inline_attributes", module_inline_attributes, METH_O,
     "Return the attributes of an instance that has no dict yet, else None."},
    {"frame_key", module_frame_key, METH_O, "Return what tells this activation from others."},
    {NULL, NULL, 0, NULL},
};

static int
is_kind(PyObject *value, PyTypeObject *type, const char *what)
{
    if (value != NULL && PyObject_TypeCheck(value, type)) {
        return 1;
    }
    PyErr_Format(PyExc_TypeError, "the recorder's %s is not one that C can use", what);
    return 0;
}

int
hs_check_recorder(HsRecorder *recorder)
{
    if (!is_kind(recorder->writer, &HsWriter_Type, "writer")
        || !is_kind(recorder->objects, &HsObjects_Type, "objects")
        || !is_kind(recorder->changes, &HsChanges_Type, "changes")
        || !is_kind(recorder->lives, &HsLives_Type, "lives")
        || !is_kind(recorder->lock, &HsLock_Type, "lock")
        || !is_kind(recorder->suspended, &HsIdMap_Type, "suspended")
        || !is_kind(recorder->outputs, &PyList_Type, "outputs")
        || !is_kind(recorder->ended_threads, &PyList_Type, "ended threads")
        || !is_kind(recorder->untraced, &PyList_Type, "untraced")
        || !is_kind(recorder->sharing, &PyDict_Type, "sharing")) {
        return -1;
    }
    HsObjects *objects = (HsObjects *)recorder->objects;
    HsWriter *writer = (HsWriter *)recorder->writer;
    if (!is_kind(objects->by_id, &HsIdMap_Type, "by_id")
        || !is_kind(objects->owners, &HsIdMap_Type, "owners")
        || !is_kind(objects->touched, &PyDict_Type, "touched")
        || !is_kind(objects->queue, &PyList_Type, "queue")
        || !is_kind(objects->made_now, &PyList_Type, "made_now")
        || !is_kind(objects->changed_now, &PyList_Type, "changed_now")
        || !is_kind(objects->dead_now, &PyList_Type, "dead_now")
        || !is_kind(objects->recompared, &PyDict_Type, "recompared")
        || !is_kind(objects->cells, &PyDict_Type, "cells")
        || !is_kind(objects->own_modules, &PySet_Type, "own_modules")
        || !is_kind(((HsLives *)recorder->lives)->doomed, &PyList_Type, "doomed")
        || !is_kind(((HsLives *)recorder->lives)->collected, &PyList_Type, "collected")
        || !is_kind(((HsChanges *)recorder->changes)->escaped, &PyDict_Type, "escaped")
        || !is_kind(objects->pinned, &PyDict_Type, "pinned")
        || !is_kind(objects->suspects, &PyList_Type, "suspects")
        || !is_kind(objects->dead, &PyList_Type, "dead")
        || !is_kind(writer->buf, &HsBuffer_Type, "buf")
        || !is_kind(writer->strings, &PyDict_Type, "strings")) {
        return -1;
    }
    if (hs.entry == NULL || hs.frame_state == NULL || hs.unbound == NULL || hs.long_text == NULL
        || hs.layouts == NULL || hs.layout_of == NULL || hs.effects == NULL
        || hs.effect_of == NULL || hs.applies == NULL || hs.passive == NULL || hs.builtins == NULL
        || hs.deque == NULL || hs.default_dict == NULL || hs.left_out == NULL || hs.in_c == NULL
        || hs.finalizers == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "C was not told of the Python half");
        return -1;
    }
    return 0;
}

static int
add_types(PyObject *module)
{
    const struct {
        const char *name;
        PyTypeObject *type;
    } types[] = {
        {"EventBuffer", &HsBuffer_Type},       {"IdMap", &HsIdMap_Type},
        {"Numbers", &HsNumbers_Type},          {"RecorderLock", &HsLock_Type},
        {"EntryFields", &HsEntry_Type},        {"LinePlanFields", &HsLinePlan_Type},
        {"CodePlanFields", &HsCodePlan_Type},  {"ThreadFields", &HsThread_Type},
        {"FrameFields", &HsFrameState_Type},   {"WriterFields", &HsWriter_Type},
        {"ObjectTableFields", &HsObjects_Type},{"LifetimesFields", &HsLives_Type},
        {"LineChangesFields", &HsChanges_Type},{"RecorderFields", &HsRecorder_Type},
        {"ControlFields", &HsControl_Type},    {"WatchesFields", &HsWatches_Type},
        {"SeenCallFields", &HsSeenCall_Type},  {"Callback", &HsCallback_Type},
        {"LayoutFields", &HsLayout_Type},      {"Sealer", &HsSealer_Type},
        {"Roomy", &HsRoomy_Type},
    };
    for (size_t place = 0; place < Py_ARRAY_LENGTH(types); place++) {
        PyTypeObject *type = types[place].type;
        if (PyType_Ready(type) < 0
            || PyModule_AddObjectRef(module, types[place].name, (PyObject *)type) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
module_exec(PyObject *module)
{
    if (PyInterpreterState_Get() != PyInterpreterState_Main()) {
        PyErr_SetString(PyExc_ImportError,
                        "the native recorder serves the main interpreter, not subinterpreters");
        return -1;
    }
    hs_make_crc32_table();
    hs.empty = PyTuple_New(0);
    hs.package_name = PyUnicode_InternFromString("__package__");
    hs.maxlen = PyUnicode_InternFromString("maxlen");
    return hs.empty == NULL || hs.package_name == NULL || hs.maxlen == NULL || add_types(module) < 0
               ? -1
               : hs_check_internals();
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, module_exec},
#if PY_VERSION_HEX >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED},
#endif
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "hindsight_core",
    .m_doc = "The hot half of the recorder.",
    .m_methods = module_methods,
    .m_slots = module_slots,
};

PyMODINIT_FUNC
PyInit_hindsight_core(void)
{
    return PyModuleDef_Init(&definition);
}
