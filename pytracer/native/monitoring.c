/* How does an event of sys.monitoring reach the recorder?
 *
 * Each callback is an object that the interpreter calls directly (vectorcall). It does the event in
 * C when the recorder is free and has nothing else to do first; else it calls the method of
 * monitoring_source.MonitoringSource with the same arguments. */
#include "events.h"
#include "simple_line.h"

typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    HsRecorder *recorder;
    PyObject *slow;     /* the same event in Python */
    PyObject *failed;   /* (error, *arguments): what goes on after a failure in C */
    PyObject *pending;  /* own_frames.pending */
    PyObject *disable;  /* sys.monitoring.DISABLE */
    PyObject *missing;  /* sys.monitoring.MISSING */
} HsCallback;

static HS_RARE PyObject *
in_python(HsCallback *self, PyObject *const *args, size_t count)
{
    return hs_call_with_room(self->slow, args, count);
}

/* Goes on in Python after a failure in the middle of an event, with the recorder still held. */
static PyObject *
go_on(HsCallback *self, PyObject *const *args, Py_ssize_t count)
{
    PyObject *all[5];
    all[0] = hs_raised_exception();
    for (Py_ssize_t place = 0; place < count && place < 4; place++) {
        all[place + 1] = args[place];
    }
    PyObject *answer = PyObject_Vectorcall(self->failed, all, (size_t)count + 1, NULL);
    Py_XDECREF(all[0]);
    return answer;
}

/* Ends an event that C has done (1) or failed to do (-1). What is returned is let go by the
 * interpreter, outside of the callback. */
static PyObject *
finish(HsCallback *self, int done, PyObject *const *args, Py_ssize_t count)
{
    HsRecorder *recorder = self->recorder;
    if (done > 0 && hs_commit(recorder) < 0) {
        done = -1;
    }
    if (done < 0) {
        PyObject *answer = go_on(self, args, count);
        hs_end(recorder);
        return answer;
    }
    hs_end(recorder);
    return hs_doomed(recorder);
}

static Py_ALWAYS_INLINE inline int
is_served(HsRecorder *recorder, HsFrame *frame, HsCodePlan *plan, int is_step)
{
    return plan != NULL && plan->recorded && plan->attached && hs_is_free(recorder)
           && !hs_is_watched(recorder, frame, is_step);
}

typedef HsGlance (*EntryGlance)(HsRecorder *, HsFrame *, HsCodePlan *, unsigned long);
typedef int (*EntryHandler)(HsRecorder *, HsFrame *, HsCodePlan *, HsGlance);
typedef HsGlance (*ValueGlance)(HsRecorder *, HsFrame *, HsCodePlan *, PyObject *, unsigned long);
typedef int (*ValueHandler)(HsRecorder *, HsFrame *, HsCodePlan *, PyObject *, HsGlance);

/* What is left of an event that was done at a glance, with the recorder held: 1 done, -1 failed. */
static inline int
after_move(HsRecorder *recorder, HsMove moved)
{
    return moved == HS_MOVED_AND_DUE && hs_after_commit(recorder) < 0 ? -1 : 1;
}

/* All that was made and buried at a glance is in the log. */
static inline void
let_go(HsRecorder *recorder)
{
    HsObjects *objects = (HsObjects *)recorder->objects;
    if (objects->uncommitted) {
        /* It only lets go of entries. */
        hs_forget_uncommitted(objects);
    }
}

/* Was a glance enough, and its events need no more than to be moved into the log? What is left then is
 * done by functions of their own, so that nothing is kept for them meanwhile. */
static Py_ALWAYS_INLINE inline int
is_over(HsRecorder *recorder, HsGlance glanced)
{
    if (glanced != HS_DONE || !hs_move_quickly(recorder)) {
        return 0;
    }
    let_go(recorder);
    return 1;
}

/* Moves an event into the log that is done at a glance. */
static inline HsMove
move_done(HsRecorder *recorder, HsGlance glanced)
{
    HsMove moved = glanced == HS_DONE ? hs_move(recorder) : HS_NOT_MOVED;
    if (moved != HS_NOT_MOVED) {
        let_go(recorder);
    }
    return moved;
}

/* Takes the recorder for an event; returns the frame that has it. The callback is kept until `settle`: when
 * the recording ends in the middle of the event, the interpreter forgets it at once. */
static inline HsFrame *
begin(HsCallback *self)
{
    Py_INCREF(self);
    return hs_begin(self->recorder);
}

/* Ends an event that C has declined, of which a piece may be in the buffer; `count` of its arguments
 * are of interest after a failure. */
static PyObject *
decline(HsCallback *self, PyObject *const *args, Py_ssize_t count, size_t given)
{
    HsRecorder *recorder = self->recorder;
    if (hs_commit(recorder) < 0) {
        return finish(self, -1, args, count);
    }
    hs_end(recorder);
    return in_python(self, args, given);
}

/* What comes of an event that was begun. */
static inline PyObject *
settle(HsCallback *self, int done, PyObject *const *args, Py_ssize_t count, size_t given)
{
    PyObject *answer =
        done != 0 ? finish(self, done, args, count) : decline(self, args, count, given);
    Py_DECREF(self);
    return answer;
}

static HS_RARE PyObject *
end_entry(HsCallback *self, PyObject *const *args, size_t flags, EntryHandler handle, HsGlance glanced)
{
    HsRecorder *recorder = self->recorder;
    HsMove moved = move_done(recorder, glanced);
    if (moved == HS_MOVED) {
        return Py_NewRef(Py_None);
    }
    HsFrame *frame = begin(self);
    int done = glanced == HS_DONE
                   ? after_move(recorder, moved)
                   : handle(recorder, frame, hs_plan_of(recorder, (PyCodeObject *)args[0]), glanced);
    return settle(self, done, args, 2, (size_t)PyVectorcall_NARGS(flags));
}

/* An event by which a frame begins or goes on; code that is not recorded is left alone for good. */
static inline PyObject *
enter(PyObject *op, PyObject *const *args, size_t flags, EntryGlance glance, EntryHandler handle)
{
    HsCallback *self = (HsCallback *)op;
    HsRecorder *recorder = self->recorder;
    HsCodePlan *plan = hs_plan_of(recorder, (PyCodeObject *)args[0]);
    if (plan != NULL && !plan->recorded) {
        return Py_NewRef(self->disable);
    }
    PyThreadState *thread = PyThreadState_Get();
    HsFrame *frame = hs_current_frame(thread);
    if (!is_served(recorder, frame, plan, 0)
        || hs_is_caller_watched(recorder, hs_thread_ident(thread))) {
        return in_python(self, args, PyVectorcall_NARGS(flags));
    }
    HsGlance glanced = glance(recorder, frame, plan, hs_thread_ident(thread));
    return is_over(recorder, glanced) ? Py_NewRef(Py_None)
                                      : end_entry(self, args, flags, handle, glanced);
}

static HS_RARE PyObject *
end_value(HsCallback *self, PyObject *const *args, size_t flags, ValueHandler handle, HsGlance glanced)
{
    HsRecorder *recorder = self->recorder;
    HsMove moved = move_done(recorder, glanced);
    if (moved == HS_MOVED) {
        return Py_NewRef(Py_None);
    }
    HsFrame *frame = begin(self);
    HsCodePlan *plan = hs_plan_of(recorder, (PyCodeObject *)args[0]);
    int done = glanced == HS_DONE ? after_move(recorder, moved)
                                  : handle(recorder, frame, plan, args[2], glanced);
    return settle(self, done, args, 3, (size_t)PyVectorcall_NARGS(flags));
}

/* An event that brings a value: what is returned, yielded or raised. */
static inline PyObject *
take_value(HsCallback *self, HsCodePlan *plan, PyObject *const *args, size_t flags,
           ValueGlance glance, ValueHandler handle)
{
    HsRecorder *recorder = self->recorder;
    PyThreadState *thread = PyThreadState_Get();
    HsFrame *frame = hs_current_frame(thread);
    if (!is_served(recorder, frame, plan, 0)) {
        return in_python(self, args, PyVectorcall_NARGS(flags));
    }
    HsGlance glanced = glance(recorder, frame, plan, args[2], hs_thread_ident(thread));
    return is_over(recorder, glanced) ? Py_NewRef(Py_None)
                                      : end_value(self, args, flags, handle, glanced);
}

/* An exception is no matter of a glance. */
static inline PyObject *
take_exception(HsCallback *self, HsCodePlan *plan, PyObject *const *args, size_t flags, int watched,
               int (*handle)(HsRecorder *, HsFrame *, HsCodePlan *, PyObject *))
{
    if (!watched && is_served(self->recorder, hs_current_frame(PyThreadState_Get()), plan, 0)) {
        HsFrame *frame = begin(self);
        int done = handle(self->recorder, frame, plan, args[2]);
        return settle(self, done, args, 3, (size_t)PyVectorcall_NARGS(flags));
    }
    return in_python(self, args, PyVectorcall_NARGS(flags));
}

static PyObject *
on_start(PyObject *op, PyObject *const *args, size_t flags, PyObject *Py_UNUSED(names))
{
    return enter(op, args, flags, hs_on_simple_call, hs_on_call);
}

static PyObject *
on_resume(PyObject *op, PyObject *const *args, size_t flags, PyObject *Py_UNUSED(names))
{
    return enter(op, args, flags, hs_on_simple_resume, hs_on_resume);
}

static PyObject *
on_return(PyObject *op, PyObject *const *args, size_t flags, PyObject *Py_UNUSED(names))
{
    HsCallback *self = (HsCallback *)op;
    HsCodePlan *plan = hs_plan_of(self->recorder, (PyCodeObject *)args[0]);
    if (plan != NULL && hs_may_stop_at_return(self->recorder, plan)) {
        return in_python(self, args, PyVectorcall_NARGS(flags));
    }
    return take_value(self, plan, args, flags, hs_on_simple_return, hs_on_return);
}

static PyObject *
on_yield(PyObject *op, PyObject *const *args, size_t flags, PyObject *Py_UNUSED(names))
{
    HsCallback *self = (HsCallback *)op;
    HsCodePlan *plan = hs_plan_of(self->recorder, (PyCodeObject *)args[0]);
    return take_value(self, plan, args, flags, hs_on_simple_yield, hs_on_yield);
}

static HS_RARE PyObject *
end_step(HsCallback *self, PyObject *const *args, Py_ssize_t count, long line, HsGlance glanced)
{
    HsRecorder *recorder = self->recorder;
    HsMove moved = move_done(recorder, glanced);
    if (moved == HS_MOVED) {
        return Py_NewRef(Py_None);
    }
    HsFrame *frame = begin(self);
    HsCodePlan *plan = hs_plan_of(recorder, (PyCodeObject *)args[0]);
    int done = glanced == HS_DONE ? after_move(recorder, moved)
                                  : hs_on_line(recorder, frame, plan, line, glanced);
    return settle(self, done, args, count, (size_t)count);
}

static inline long
line_of(PyObject *number)
{
    Py_ssize_t line;
    return hs_small_int(number, &line) ? (long)line : PyLong_AsLong(number);
}

/* A step: what is left of it is done by `end_step`, without C it is Python's. */
static Py_ALWAYS_INLINE inline PyObject *
step(HsCallback *self, HsCodePlan *plan, long line, PyObject *const *args, Py_ssize_t count)
{
    HsRecorder *recorder = self->recorder;
    PyThreadState *thread = PyThreadState_Get();
    HsFrame *frame = hs_current_frame(thread);
    if (!is_served(recorder, frame, plan, 1) || hs_may_stop_at(recorder, frame, plan, line)) {
        return in_python(self, args, (size_t)count);
    }
    HsGlance glanced = hs_on_simple_line(recorder, frame, plan, line, hs_thread_ident(thread));
    return is_over(recorder, glanced) ? Py_NewRef(Py_None)
                                      : end_step(self, args, count, line, glanced);
}

static PyObject *
on_line(PyObject *op, PyObject *const *args, size_t flags, PyObject *Py_UNUSED(names))
{
    HsCallback *self = (HsCallback *)op;
    HsCodePlan *plan = hs_plan_of(self->recorder, (PyCodeObject *)args[0]);
    return step(self, plan, line_of(args[1]), args, PyVectorcall_NARGS(flags));
}

/* A backward jump that stays on its line is a step; all others are of no interest. */
static PyObject *
on_jump(PyObject *op, PyObject *const *args, size_t flags, PyObject *Py_UNUSED(names))
{
    HsCallback *self = (HsCallback *)op;
    HsCodePlan *plan = hs_plan_of(self->recorder, (PyCodeObject *)args[0]);
    if (plan == NULL || !plan->recorded || !plan->attached) {
        return in_python(self, args, PyVectorcall_NARGS(flags));
    }
    long offset = PyLong_AsLong(args[1]), target = PyLong_AsLong(args[2]);
    if (target > offset) {
        return Py_NewRef(self->disable);
    }
    int line = hs_line_of(plan, target / 2);
    if (line == -2) {
        PyErr_Clear();
        return in_python(self, args, PyVectorcall_NARGS(flags));
    }
    if (line == -1 || line != hs_line_of(plan, offset / 2)) {
        return Py_NewRef(self->disable);
    }
    return step(self, plan, line, args, 3);
}

/* A call of which no path tells what it changes. */
static PyObject *
on_call(PyObject *op, PyObject *const *args, size_t flags, PyObject *Py_UNUSED(names))
{
    HsCallback *self = (HsCallback *)op;
    HsRecorder *recorder = self->recorder;
    HsCodePlan *plan = hs_plan_of(recorder, (PyCodeObject *)args[0]);
    Py_ssize_t count = PyVectorcall_NARGS(flags);
    if (plan != NULL && (!plan->recorded || !plan->sees_calls)) {
        return Py_NewRef(self->disable);
    }
    if (plan == NULL || !hs_is(plan->sites)) {
        return in_python(self, args, (size_t)count);
    }
    PyObject *call = PyDict_GetItemWithError(plan->sites, args[1]);
    if (call == NULL) {
        return PyErr_Occurred() ? NULL : Py_NewRef(self->disable);
    }
    HsFrame *frame = hs_current_frame(PyThreadState_Get());
    if (self->missing == NULL || !is_served(recorder, frame, plan, 1)) {
        return in_python(self, args, (size_t)count);
    }
    frame = begin(self);
    PyObject *first = args[3] == self->missing ? NULL : args[3];
    int done = hs_on_called(recorder, frame, plan, call, args[2], first);
    return settle(self, done, args, 4, (size_t)count);
}

/* In code that is not recorded these are of no interest; but where an exception leaves the
 * outermost frame it tells how the program ends. */

static PyObject *
on_raise(PyObject *op, PyObject *const *args, size_t flags, PyObject *Py_UNUSED(names))
{
    HsCallback *self = (HsCallback *)op;
    HsCodePlan *plan = hs_plan_of(self->recorder, (PyCodeObject *)args[0]);
    int pending = PyList_GET_SIZE(self->pending) > 0;
    if (plan != NULL && !plan->recorded && !pending) {
        return Py_NewRef(Py_None);
    }
    if (pending) {
        return in_python(self, args, PyVectorcall_NARGS(flags));
    }
    return take_exception(self, plan, args, flags, hs_may_stop_at_raise(self->recorder), hs_on_raise);
}

static PyObject *
on_throw(PyObject *op, PyObject *const *args, size_t flags, PyObject *Py_UNUSED(names))
{
    HsCallback *self = (HsCallback *)op;
    HsCodePlan *plan = hs_plan_of(self->recorder, (PyCodeObject *)args[0]);
    if (plan != NULL && !plan->recorded) {
        return Py_NewRef(Py_None);
    }
    return in_python(self, args, PyVectorcall_NARGS(flags));
}

static PyObject *
on_unwind(PyObject *op, PyObject *const *args, size_t flags, PyObject *Py_UNUSED(names))
{
    HsCallback *self = (HsCallback *)op;
    HsCodePlan *plan = hs_plan_of(self->recorder, (PyCodeObject *)args[0]);
    PyThreadState *thread = PyThreadState_Get();
    if (plan != NULL && !plan->recorded && hs_frame_back(hs_current_frame(thread)) != NULL) {
        return Py_NewRef(Py_None);
    }
    int watched = hs_may_stop_at_unwind(self->recorder);
    return take_exception(self, plan, args, flags, watched, hs_on_unwind);
}

/* Any other event is Python's. */
static PyObject *
on_other(PyObject *op, PyObject *const *args, size_t flags, PyObject *Py_UNUSED(names))
{
    return in_python((HsCallback *)op, args, PyVectorcall_NARGS(flags));
}

static const struct {
    const char *name;
    vectorcallfunc call;
} KINDS[] = {
    {"start", on_start},   {"resume", on_resume}, {"return", on_return}, {"yield", on_yield},
    {"line", on_line},     {"jump", on_jump},     {"raise", on_raise},   {"throw", on_throw},
    {"unwind", on_unwind}, {"call", on_call},     {"other", on_other},
};

/* Callback(kind, recorder, slow, failed, pending, disable, missing) */
static PyObject *
callback_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwargs))
{
    const char *kind;
    PyObject *recorder, *slow, *failed, *pending, *disable, *missing;
    if (!PyArg_ParseTuple(args, "sO!OOO!OO", &kind, &HsRecorder_Type, &recorder, &slow, &failed,
                          &PyList_Type, &pending, &disable, &missing)) {
        return NULL;
    }
    HsCallback *self = (HsCallback *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    for (size_t place = 0; place < Py_ARRAY_LENGTH(KINDS); place++) {
        if (strcmp(kind, KINDS[place].name) == 0) {
            self->call = KINDS[place].call;
        }
    }
    self->recorder = (HsRecorder *)Py_NewRef(recorder);
    self->slow = Py_NewRef(slow);
    self->failed = Py_NewRef(failed);
    self->pending = Py_NewRef(pending);
    self->disable = Py_NewRef(disable);
    self->missing = Py_NewRef(missing);
    if (self->call == NULL || hs_check_recorder(self->recorder) < 0) {
        if (!PyErr_Occurred()) {
            PyErr_Format(PyExc_ValueError, "there are no callbacks for %s", kind);
        }
        Py_CLEAR(self);
    }
    return (PyObject *)self;
}

static void
callback_dealloc(HsCallback *self)
{
    Py_CLEAR(self->recorder);
    Py_CLEAR(self->slow);
    Py_CLEAR(self->failed);
    Py_CLEAR(self->pending);
    Py_CLEAR(self->disable);
    Py_CLEAR(self->missing);
    Py_TYPE(self)->tp_free(self);
}

PyTypeObject HsCallback_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "hindsight_core.Callback",
    .tp_basicsize = sizeof(HsCallback),
    .tp_dealloc = (destructor)callback_dealloc,
    .tp_vectorcall_offset = offsetof(HsCallback, call),
    .tp_call = PyVectorcall_Call,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_new = callback_new,
};
