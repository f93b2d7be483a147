/* How does an event of a trace function reach the recorder (3.11, which has no sys.monitoring)?
 *
 * The interpreter calls the C function here. It does the frequent events in C when the recorder is
 * free and has nothing else to do first; else it does what sys.settrace's own C function does, but
 * for the snapshot of the variables that this leaves in the frame: it calls the trace functions of
 * settrace_source.SettraceSource. */
#include "events.h"
#include "simple_line.h"

#if PY_VERSION_HEX < 0x030C0000

/* The one source of this process that is at work: `follow` says which. */
static struct {
    HsRecorder *recorder;
    PyObject *source;
    PyObject *pending;  /* own_frames.pending */
    PyObject *waits;    /* source.waits */
    /* A resumption that may turn out to be a throw: the event that follows in its thread tells. */
    PyFrameObject *resumed;
    HsCodePlan *resumed_plan;
    unsigned long resumed_in;
    int resumed_at;     /* its last instruction, as `f_lasti` */
} tracer;

enum { LOOK_AT_THREADS = 15 };

static const char *const NAMES[] = {"call", "exception", "line", "return",
                                    "c_call", "c_exception", "c_return", "opcode"};

/* ---- In Python ---- */

/* Hands a resumption that waits over to the Python source. */
static int
hand_over_resumption(void)
{
    if (tracer.resumed == NULL) {
        return 0;
    }
    PyFrameObject *frame = tracer.resumed;
    tracer.resumed = NULL;
    PyObject *ident = PyLong_FromUnsignedLong(tracer.resumed_in);
    PyObject *waiting =
        Py_BuildValue("(OOi)", frame, tracer.resumed_plan, tracer.resumed_at);
    int put = ident == NULL || waiting == NULL ? -1 : PyDict_SetItem(tracer.waits, ident, waiting);
    Py_XDECREF(ident);
    Py_XDECREF(waiting);
    Py_DECREF(frame);
    return put;
}

/* The trace function of a frame of recorded code: a new reference; NULL on failure. */
static PyObject *
local_trace(PyFrameObject *frame, HsCodePlan *plan)
{
    if (frame->f_trace != NULL) {
        return Py_NewRef(frame->f_trace);
    }
    if (plan == NULL || !plan->recorded) {
        return Py_NewRef(Py_None);
    }
    return hs_answer(tracer.source, "trace_frame", (PyObject *)frame, NULL, NULL);
}

/* As the C function behind sys.settrace goes on after a failure. */
static int
end_tracing(PyFrameObject *frame)
{
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    PyEval_SetTrace(NULL, NULL);
    Py_CLEAR(frame->f_trace);
    PyErr_Restore(type, error, traceback);
    return -1;
}

static int
in_python(PyObject *global, PyFrameObject *frame, HsCodePlan *plan, int what, PyObject *arg)
{
    if (hand_over_resumption() < 0) {
        return end_tracing(frame);
    }
    PyObject *trace = what == PyTrace_CALL ? Py_NewRef(global) : local_trace(frame, plan);
    if (trace == NULL) {
        return end_tracing(frame);
    }
    PyObject *name = trace == Py_None ? NULL : PyUnicode_InternFromString(NAMES[what]);
    if (name == NULL) {
        Py_DECREF(trace);
        return PyErr_Occurred() ? end_tracing(frame) : 0;
    }
    PyObject *args[3] = {(PyObject *)frame, name, arg == NULL ? Py_None : arg};
    PyObject *next = PyObject_Vectorcall(trace, args, 3, NULL);
    Py_DECREF(name);
    Py_DECREF(trace);
    if (next == NULL) {
        return end_tracing(frame);
    }
    if (next != Py_None) {
        Py_XSETREF(frame->f_trace, next);
    }
    else {
        Py_DECREF(next);
    }
    return 0;
}

/* ---- In C ---- */

/* Goes on in Python after a failure in the middle of an event, with the recorder still held. */
static int
go_on(PyFrameObject *frame, int what, PyObject *arg)
{
    PyObject *error = hs_raised_exception();
    PyObject *name = PyUnicode_InternFromString(NAMES[what]);
    PyObject *method = PyUnicode_InternFromString("go_on");
    int done = -1;
    if (name != NULL && method != NULL) {
        PyObject *args[5] = {tracer.source, error, (PyObject *)frame, name,
                             arg == NULL ? Py_None : arg};
        PyObject *answer = PyObject_VectorcallMethod(method, args, 5, NULL);
        Py_XDECREF(answer);
        done = answer == NULL ? -1 : 0;
    }
    Py_XDECREF(name);
    Py_XDECREF(method);
    Py_XDECREF(error);
    return done;
}

/* Ends an event that C has done (1) or failed to do (-1). */
static int
finish(HsRecorder *recorder, int done, PyFrameObject *frame, int what, PyObject *arg)
{
    if (done > 0 && hs_commit(recorder) < 0) {
        done = -1;
    }
    int went_on = done < 0 ? go_on(frame, what, arg) : 0;
    hs_end(recorder);
    PyObject *doomed = went_on < 0 ? NULL : hs_doomed(recorder);
    Py_XDECREF(doomed);
    return doomed == NULL ? end_tracing(frame) : 0;
}

/* The thread that has the event: the lock was taken for it. */
static inline unsigned long
owner_of(HsRecorder *recorder)
{
    return ((HsLock *)recorder->lock)->owner;
}

/* Logs the resumption that waits in this thread: 1 done or none, 0 declined, -1 failed. */
static int
settle(HsRecorder *recorder)
{
    PyFrameObject *frame = tracer.resumed;
    if (frame == NULL) {
        return 1;
    }
    if (tracer.resumed_in != ((HsLock *)recorder->lock)->owner) {
        return 0;
    }
    HsFrame *inner = hs_frame_of(frame);
    HsGlance glanced =
        hs_on_simple_resume(recorder, inner, tracer.resumed_plan, tracer.resumed_in);
    int done = glanced == HS_DONE
                   ? 1
                   : hs_on_resume(recorder, inner, tracer.resumed_plan, glanced);
    if (done != 0) {
        tracer.resumed = NULL;
        Py_DECREF(frame);
    }
    return done;
}

/* A frame that goes on: 1 noted, 0 not one that the log knows as suspended. */
static int
wait_for_next(HsRecorder *recorder, PyFrameObject *frame, HsCodePlan *plan)
{
    HsFrameState *state = (HsFrameState *)hs_map_get((HsIdMap *)recorder->suspended,
                                                     hs_frame_of(frame));
    if (state == NULL || state->plan != (PyObject *)plan || tracer.resumed != NULL) {
        return 0;
    }
    tracer.resumed = (PyFrameObject *)Py_NewRef(frame);
    tracer.resumed_plan = plan;
    tracer.resumed_in = ((HsLock *)recorder->lock)->owner;
    tracer.resumed_at = 2 * hs_frame_lasti(hs_frame_of(frame));
    return 1;
}

static int
on_call(HsRecorder *recorder, PyFrameObject *frame, HsCodePlan *plan)
{
    if (!plan->recorded) {
        return 1;
    }
    if (plan->suspends && wait_for_next(recorder, frame, plan)) {
        return 1;
    }
    HsFrame *inner = hs_frame_of(frame);
    HsGlance glanced = hs_on_simple_call(recorder, inner, plan, owner_of(recorder));
    return glanced == HS_DONE ? 1 : hs_on_call(recorder, inner, plan, glanced);
}

static int
on_line(HsRecorder *recorder, PyFrameObject *frame, HsCodePlan *plan)
{
    HsFrame *inner = hs_frame_of(frame);
    long line = PyFrame_GetLineNumber(frame);
    HsGlance glanced =
        hs_on_simple_line(recorder, inner, plan, line, owner_of(recorder));
    int done = glanced == HS_DONE ? 1 : hs_on_line(recorder, inner, plan, line, glanced);
    if (done > 0 && frame->f_trace != NULL) {
        /* It keeps where the last exception surfaced while nothing else has happened. */
        if (hs_ask(tracer.source, "forget_exception", (PyObject *)frame, NULL, NULL) < 0) {
            return -1;
        }
    }
    return done;
}

static int
on_return(HsRecorder *recorder, PyFrameObject *frame, HsCodePlan *plan, PyObject *value)
{
    HsFrame *inner = hs_frame_of(frame);
    int place = 2 * hs_frame_lasti(inner);
    if (value == NULL || place < 0 || place >= PyBytes_GET_SIZE(plan->bytecode)) {
        return 0;
    }
    int opcode = (uint8_t)PyBytes_AS_STRING(plan->bytecode)[place];
    if (opcode == hs.return_value) {
        HsGlance glanced = hs_on_simple_return(recorder, inner, plan, value, owner_of(recorder));
        return glanced == HS_DONE ? 1 : hs_on_return(recorder, inner, plan, value, glanced);
    }
    /* A yield; but what leaves by an exception that a trace function has seen is Python's. */
    if (opcode == hs.yield_value && plan->suspends && frame->f_trace == NULL) {
        HsGlance glanced = hs_on_simple_yield(recorder, inner, plan, value, owner_of(recorder));
        return glanced == HS_DONE ? 1 : hs_on_yield(recorder, inner, plan, value, glanced);
    }
    return 0;
}

/* Is it time to look for threads without events? */
static int
must_look_at_threads(HsRecorder *recorder)
{
    return (recorder->steps & LOOK_AT_THREADS) == LOOK_AT_THREADS
           && PyThreadState_Next(PyInterpreterState_ThreadHead(PyInterpreterState_Get())) != NULL;
}

/* May the debugger stop at this event? */
static int
may_stop_at(HsRecorder *recorder, HsCodePlan *plan, int what, PyFrameObject *frame)
{
    if (what == PyTrace_LINE) {
        return hs_is(recorder->control)
               && hs_may_stop_at(recorder, hs_frame_of(frame), plan, PyFrame_GetLineNumber(frame));
    }
    return what == PyTrace_RETURN && hs_may_stop_at_return(recorder, plan);
}

/* Can C do this event? */
static int
is_served(HsRecorder *recorder, HsCodePlan *plan, int what, PyFrameObject *frame)
{
    if (plan == NULL || !hs_is_free(recorder) || hs_is_watched(recorder, hs_frame_of(frame), what == PyTrace_LINE)
        || PyDict_GET_SIZE(tracer.waits) > 0
        || (what != PyTrace_CALL && what != PyTrace_LINE && what != PyTrace_RETURN)) {
        return 0;
    }
    if (!plan->recorded) {
        /* The outermost frame may be what finds the program. */
        return what == PyTrace_CALL && hs_frame_back(hs_frame_of(frame)) != NULL;
    }
    /* A resumption that waits writes its caller's line. */
    int enters = what == PyTrace_CALL || tracer.resumed != NULL;
    return plan->attached && !(what == PyTrace_LINE && must_look_at_threads(recorder))
           && !(enters && hs_is_caller_watched(recorder, hs_thread_ident(PyThreadState_Get())))
           && !may_stop_at(recorder, plan, what, frame);
}

static int
trace_event(HsRecorder *recorder, PyObject *global, PyFrameObject *frame, int what, PyObject *arg)
{
    HsCodePlan *plan = hs_plan_of(recorder, hs_frame_code(hs_frame_of(frame)));
    if (what != PyTrace_CALL && frame->f_trace == NULL && (plan == NULL || !plan->recorded)) {
        return 0;
    }
    if (plan != NULL && !plan->recorded && what == PyTrace_CALL && tracer.resumed == NULL
        && PyDict_GET_SIZE(tracer.waits) == 0 && hs_is_free(recorder)
        && hs_frame_back(hs_frame_of(frame)) != NULL) {
        return 0;
    }
    if (!is_served(recorder, plan, what, frame)) {
        return in_python(global, frame, plan, what, arg);
    }
    hs_begin(recorder);
    int done = settle(recorder);
    if (done > 0) {
        done = what == PyTrace_CALL   ? on_call(recorder, frame, plan)
               : what == PyTrace_LINE ? on_line(recorder, frame, plan)
                                      : on_return(recorder, frame, plan, arg);
        if (done == 0 && ((HsObjects *)recorder->objects)->events > 0) {
            /* The resumption is in the buffer already. */
            if (hs_commit(recorder) < 0) {
                done = -1;
            }
        }
    }
    if (done != 0) {
        return finish(recorder, done, frame, what, arg);
    }
    hs_end(recorder);
    return in_python(global, frame, plan, what, arg);
}

static int
trace(PyObject *global, PyFrameObject *frame, int what, PyObject *arg)
{
    if (tracer.recorder == NULL) {
        return 0;
    }
    /* The recording may end in the middle of the event. */
    HsRecorder *recorder = (HsRecorder *)Py_NewRef(tracer.recorder);
    PyThreadState *thread = PyThreadState_Get();
    hs_add_room(thread, HS_ROOM);
    int done = trace_event(recorder, global, frame, what, arg);
    hs_add_room(thread, -HS_ROOM);
    Py_DECREF(recorder);
    return done;
}

/* ---- What Python calls ---- */

/* trace_with(recorder, source, pending, waits); without arguments: of nothing from now on. */
PyObject *
hs_trace_with(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *recorder, *source, *pending, *waits;
    if (PyTuple_GET_SIZE(args) == 0) {
        Py_CLEAR(tracer.resumed);
        Py_CLEAR(tracer.recorder);
        Py_CLEAR(tracer.source);
        Py_CLEAR(tracer.pending);
        Py_CLEAR(tracer.waits);
        Py_RETURN_NONE;
    }
    if (!PyArg_ParseTuple(args, "O!OO!O!", &HsRecorder_Type, &recorder, &source, &PyList_Type,
                          &pending, &PyDict_Type, &waits)
        || hs_check_recorder((HsRecorder *)recorder) < 0) {
        return NULL;
    }
    hs_replace((PyObject **)&tracer.recorder, Py_NewRef(recorder));
    hs_replace(&tracer.source, Py_NewRef(source));
    hs_replace(&tracer.pending, Py_NewRef(pending));
    hs_replace(&tracer.waits, Py_NewRef(waits));
    Py_RETURN_NONE;
}

PyObject *
hs_set_trace(PyObject *Py_UNUSED(module), PyObject *function)
{
    PyEval_SetTrace(trace, function);
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
}

/* Is this thread traced by C? */
PyObject *
hs_is_traced(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    return PyBool_FromLong(PyThreadState_Get()->c_tracefunc == trace);
}

#endif
