/* What is asked before each event, and done around it, by whatever source it comes? */
#ifndef HINDSIGHT_EVENTS_H
#define HINDSIGHT_EVENTS_H

#include "hindsight.h"
#include "internals.h"

/* The plan of a code object for this recorder, or NULL: ask Python. Borrowed. */
static inline HsCodePlan *
hs_plan_of(HsRecorder *recorder, PyCodeObject *code)
{
    HsCodePlan *plan = hs_code_extra(code, hs_extra_index);
    return plan != NULL && plan->recording == recorder->recording ? plan : NULL;
}

/* What the debugger wants, when it is somebody who can be asked here; NULL: there is none. */
static inline HsControl *
hs_control_of(HsRecorder *recorder)
{
    return hs_is(recorder->control) ? (HsControl *)recorder->control : NULL;
}

/* Is it of the type that C takes it for? */
static inline int
hs_is_known(HsRecorder *recorder, HsControl *control)
{
    PyTypeObject *type = Py_TYPE(control);
    if (type == recorder->control_class) {
        return 1;
    }
    if (!PyType_IsSubtype(type, &HsControl_Type)) {
        return 0;
    }
    recorder->control_class = type;
    return 1;
}

/* Are there variables of a frame that are watched for changes, or may something have changed that is? */
static inline int
hs_is_data_watched(HsRecorder *recorder, HsFrame *frame)
{
    HsWatches *watches = hs_watches_of((HsObjects *)recorder->objects);
    return watches != NULL
           && (watches->touched || hs_watches_frame(watches, (uint64_t)(uintptr_t)frame));
}

/* Does the debugger want to look at whatever event comes, or at those of this frame? */
static inline int
hs_is_watched(HsRecorder *recorder, HsFrame *frame, int is_step)
{
    HsControl *control = hs_control_of(recorder);
    if (control == NULL) {
        return 0;
    }
    HsWriter *writer = (HsWriter *)recorder->writer;
    return !hs_is_known(recorder, control) || !control->quiet || writer->attention == NULL
           || *writer->attention != 0
           || (control->at_frame != 0 && control->at_frame == (uint64_t)(uintptr_t)frame
               && (!is_step || control->at_steps))
           || hs_is_data_watched(recorder, frame);
}

/* The same of the caller that we know, when a frame begins or goes on: its line is written then. */
static inline int
hs_is_caller_watched(HsRecorder *recorder, unsigned long ident)
{
    HsWatches *watches = hs_watches_of((HsObjects *)recorder->objects);
    if (watches == NULL || watches->frame_count == 0) {
        return 0;
    }
    HsThread *thread = (HsThread *)recorder->current;
    if (!hs_is((PyObject *)thread) || thread->ident != ident) {
        return 1;
    }
    Py_ssize_t depth = PyList_GET_SIZE(thread->stack);
    return depth > 0
           && hs_watches_frame(
               watches, ((HsFrameState *)PyList_GET_ITEM(thread->stack, depth - 1))->frame_id);
}

/* ---- The same, of what is not watched ---- */

static inline int
hs_is_first_step(HsRecorder *recorder, HsFrame *frame)
{
    HsThread *thread = (HsThread *)recorder->current;
    Py_ssize_t depth = hs_is((PyObject *)thread) ? PyList_GET_SIZE(thread->stack) : 0;
    if (depth == 0) {
        return 1;
    }
    HsFrameState *state = (HsFrameState *)PyList_GET_ITEM(thread->stack, depth - 1);
    return state->frame_id != (uint64_t)(uintptr_t)frame || state->step1 == 0;
}

static inline int
hs_may_stop_at(HsRecorder *recorder, HsFrame *frame, HsCodePlan *plan, long line)
{
    HsControl *control = hs_control_of(recorder);
    if (control == NULL) {
        return 0;
    }
    const unsigned long word = (unsigned long)line >> 6 & (HS_LINE_WORDS - 1);
    return ((control->near[word] >> ((unsigned long)line & 63) & 1) != 0
            && plan->no_lines != control->version && hs_has_line(control, line))
           || (control->at_entries && plan->no_entry != control->version
               && hs_is_first_step(recorder, frame));
}

static inline int
hs_may_stop_at_return(HsRecorder *recorder, HsCodePlan *plan)
{
    HsControl *control = hs_control_of(recorder);
    return control != NULL && control->at_returns && plan->no_return != control->version;
}

static inline int
hs_may_stop_at_raise(HsRecorder *recorder)
{
    HsControl *control = hs_control_of(recorder);
    return control != NULL && control->at_raises;
}

static inline int
hs_may_stop_at_unwind(HsRecorder *recorder)
{
    HsControl *control = hs_control_of(recorder);
    return control != NULL && control->at_unwinds;
}

/* Is there nothing to be done before this event? */
static inline int
hs_is_free(HsRecorder *recorder)
{
    uint32_t flags;
    memcpy(&flags, &recorder->busy, sizeof flags);
    Py_ssize_t waiting = PyList_GET_SIZE(recorder->outputs)
                         | PyList_GET_SIZE(recorder->ended_threads)
                         | PyList_GET_SIZE(recorder->untraced);
    return flags == 0 && waiting == 0 && ((HsLock *)recorder->lock)->owner == 0
           && !hs_is(recorder->limit)
           && ((HsBuffer *)((HsWriter *)recorder->writer)->buf)->length == 0;
}

/* What the Python half may need of the stack. It comes on top of the recursion limit, of which the
 * program has all that it has without us. */
enum { HS_ROOM = 200 };

/* Takes the recorder, which is free. */
static inline void
hs_hold(HsRecorder *recorder, PyThreadState *thread)
{
    hs_take_free_lock((HsLock *)recorder->lock, hs_thread_ident(thread));
    recorder->holder = thread;
    recorder->busy = 1;
    hs_add_room(thread, HS_ROOM);
}

/* The same; returns the frame that has the event. */
static inline HsFrame *
hs_begin(HsRecorder *recorder)
{
    PyThreadState *thread = PyThreadState_Get();
    hs_hold(recorder, thread);
    return hs_current_frame(thread);
}

static inline void
hs_end(HsRecorder *recorder)
{
    recorder->busy = 0;
    hs_add_room(recorder->holder, -HS_ROOM);
    hs_release_lock((HsLock *)recorder->lock);
}

/* Calls what does an event in Python. */
static inline PyObject *
hs_call_with_room(PyObject *function, PyObject *const *args, size_t count)
{
    PyThreadState *thread = PyThreadState_Get();
    hs_add_room(thread, HS_ROOM);
    PyObject *answer = PyObject_Vectorcall(function, args, count, NULL);
    hs_add_room(thread, -HS_ROOM);
    return answer;
}

static inline PyObject *
hs_raised_exception(void)
{
#if PY_VERSION_HEX >= 0x030C0000
    return PyErr_GetRaisedException();
#else
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    PyErr_NormalizeException(&type, &error, &traceback);
    if (traceback != NULL) {
        PyException_SetTraceback(error, traceback);
    }
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    return error;
#endif
}

/* What must be let go outside of the callback: a new reference, None when there is nothing. */
static inline PyObject *
hs_doomed(HsRecorder *recorder)
{
    HsLives *lives = (HsLives *)recorder->lives;
    if (PyList_GET_SIZE(lives->doomed) == 0) {
        return Py_NewRef(Py_None);
    }
    PyObject *fresh = PyList_New(0);
    if (fresh == NULL) {
        return NULL;
    }
    PyObject *doomed = lives->doomed;
    lives->doomed = fresh;
    return doomed;
}

#endif
