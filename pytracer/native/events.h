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

/* Does the debugger want to look at this event in Python? */
static inline int
hs_is_watched(HsRecorder *recorder, PyObject *line)
{
    PyObject *control = recorder->control;
    if (!hs_is(control)) {
        return 0;
    }
    HsWriter *writer = (HsWriter *)recorder->writer;
    if (!PyObject_TypeCheck(control, &HsControl_Type) || !((HsControl *)control)->quiet
        || writer->attention == NULL || *writer->attention != 0) {
        return 1;
    }
    PyObject *lines = ((HsControl *)control)->lines;
    if (line == NULL || !hs_is(lines) || PySet_GET_SIZE(lines) == 0) {
        return 0;
    }
    return PySet_Contains(lines, line) != 0;
}

static inline int
hs_has_breakpoints(HsRecorder *recorder)
{
    PyObject *control = recorder->control;
    return hs_is(control) && hs_is(((HsControl *)control)->lines)
           && PySet_GET_SIZE(((HsControl *)control)->lines) > 0;
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
