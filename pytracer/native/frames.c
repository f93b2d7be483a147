/* How are the states of frames made and used again, and does this interpreter look as
 * internals.h says? */
#include "hindsight.h"
#include "internals.h"

enum { MOST_SPARES = 32 };

static HsFrameState *
make_state(HsCodePlan *plan)
{
    PyTypeObject *type = hs.frame_state;
    HsFrameState *state = (HsFrameState *)type->tp_alloc(type, 0);
    if (state == NULL) {
        return NULL;
    }
    Py_ssize_t count = (Py_ssize_t)plan->slot_count;
    state->values = PyList_New(count);
    state->written = hs_numbers_new(count);
    if (state->values == NULL || state->written == NULL) {
        Py_DECREF(state);
        return NULL;
    }
    for (Py_ssize_t slot = 0; slot < count; slot++) {
        PyList_SET_ITEM(state->values, slot, Py_NewRef(hs.unbound));
    }
    /* It is ours: the program's collector has no business with it. */
    PyObject_GC_UnTrack(state->values);
    return state;
}

HsFrameState *
hs_new_state(HsRecorder *recorder, HsCodePlan *plan, HsThread *thread, const void *frame_key)
{
    HsFrameState *state = plan->spare;
    if (state != NULL) {
        plan->spare = state->next;
        plan->spares--;
        state->next = NULL;
    }
    else if ((state = make_state(plan)) == NULL) {
        return NULL;
    }
    state->number = recorder->next_frame++;
    state->frame_id = (uint64_t)(uintptr_t)frame_key;
    state->offset = 0;
    state->step1 = 0;
    state->block = -1;
    state->noted = 0;
    state->lasti = -1;
    state->fresh = 1;
    state->raised = 0;
    state->full = 0;
    state->plan = Py_NewRef(plan);
    state->thread = Py_NewRef(thread);
    state->before = Py_NewRef(hs.empty);
    return state;
}

void
hs_drop_state(HsFrameState *state)
{
    HsCodePlan *plan = (HsCodePlan *)state->plan;
    if (Py_REFCNT(state) != 1 || plan == NULL || plan->spares >= MOST_SPARES
        || Py_TYPE(state->written) != &HsNumbers_Type || !PyList_CheckExact(state->values)
        || PyList_GET_SIZE(state->values) != plan->slot_count
        || Py_SIZE(state->written) != plan->slot_count) {
        Py_DECREF(state);
        return;
    }
    Py_INCREF(plan);
    hs_replace(&state->plan, NULL);
    hs_replace(&state->thread, NULL);
    hs_replace(&state->globals, NULL);
    hs_replace(&state->locals, NULL);
    hs_replace(&state->running, NULL);
    hs_replace(&state->before, NULL);
    hs_replace(&state->calls, NULL);
    int64_t *written = ((HsNumbers *)state->written)->at;
    for (Py_ssize_t slot = 0; slot < plan->slot_count; slot++) {
        PyObject *old = PyList_GET_ITEM(state->values, slot);
        written[slot] = 0;
        if (old != hs.unbound) {
            PyList_SET_ITEM(state->values, slot, Py_NewRef(hs.unbound));
            Py_DECREF(old);
        }
    }
    state->next = plan->spare;
    plan->spare = state;
    plan->spares++;
    Py_DECREF(plan);
}

PyObject *
hs_entry_object(HsEntry *entry)
{
    return Py_XNewRef(hs_entry_live(entry));
}

/* The assumptions about the interpreter. */

static int
differs(const char *what)
{
    PyErr_Format(PyExc_ImportError, "this interpreter keeps %s elsewhere", what);
    return -1;
}

/* Called while a Python function runs that has a local `probe`, given here as well, in slot 0. */
static int
check_frame(PyFrameObject *object, PyObject *probe)
{
    HsFrame *frame = hs_current_frame(PyThreadState_Get());
    if (frame == NULL || hs_frame_of(object) != frame || !hs_is_complete(frame)) {
        return differs("the running frame");
    }
    PyCodeObject *code = PyFrame_GetCode(object);
    int same_code = code == hs_frame_code(frame);
    Py_DECREF(code);
    if (!same_code) {
        return differs("a frame's code");
    }
    if (hs_frame_lasti(frame) * 2 != PyFrame_GetLasti(object)) {
        return differs("a frame's last instruction");
    }
    if (hs_code_slots(hs_frame_code(frame)) < 1 || hs_frame_slot(frame, 0) != probe) {
        return differs("a frame's variables");
    }
    PyFrameObject *back = PyFrame_GetBack(object);
    int same_back = (back == NULL ? NULL : hs_frame_of(back)) == hs_frame_back(frame);
    Py_XDECREF(back);
    if (!same_back) {
        return differs("a frame's caller");
    }
    PyObject *globals = PyFrame_GetGlobals(object);
    int same_globals = globals == hs_frame_globals(frame);
    Py_XDECREF(globals);
    return same_globals ? 0 : differs("a frame's globals");
}

/* What is given is a generator that has not begun to run. */
static int
check_generator(PyObject *generator)
{
    PyObject *object = PyObject_GetAttrString(generator, "gi_frame");
    if (object == NULL) {
        return -1;
    }
    int same_frame = PyFrame_Check(object)
                     && hs_frame_of((PyFrameObject *)object) == hs_unstarted_frame(generator);
    Py_DECREF(object);
    return same_frame ? 0 : differs("a generator's frame");
}

static PyObject *
probe_call(PyObject *Py_UNUSED(self), PyObject *probe)
{
    if (PyGen_CheckExact(probe)) {
        return check_generator(probe) < 0 ? NULL : Py_NewRef(Py_None);
    }
    PyFrameObject *object = PyThreadState_GetFrame(PyThreadState_Get());
    if (object == NULL) {
        differs("the running frame");
        return NULL;
    }
    int checked = check_frame(object, probe);
    Py_DECREF(object);
    return checked < 0 ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef probe_method = {"probe", probe_call, METH_O, NULL};

static const char PROBE_TEXT[] =
    "def outer(value):\n"
    "    def inner(value, probe):\n"
    "        probe(value)\n"
    "    inner(value, probe)\n"
    "    cell = value\n"
    "    probe(value)\n"
    "    return lambda: cell\n"
    "outer(object())\n"
    "def generator(value):\n"
    "    yield probe(value)\n"
    "list(generator(object()))\n"
    "probe(generator(object()))\n";

int
hs_check_internals(void)
{
    PyObject *probe = PyCFunction_New(&probe_method, NULL);
    PyObject *names = probe == NULL ? NULL : Py_BuildValue("{s:O}", "probe", probe);
    Py_XDECREF(probe);
    if (names == NULL) {
        return -1;
    }
    PyObject *ran = PyRun_String(PROBE_TEXT, Py_file_input, names, names);
    Py_DECREF(names);
    if (ran == NULL) {
        return -1;
    }
    Py_DECREF(ran);
    return 0;
}
