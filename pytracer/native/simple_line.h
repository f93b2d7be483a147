/* What does the line that runs need, when its next event is seen at a glance? LINE itself, and what the
 * events of simple_events.c have in common with it.
 *
 * Without the lock: nothing here runs code, lets go of the GIL or can fail. */
#ifndef HINDSIGHT_SIMPLE_LINE_H
#define HINDSIGHT_SIMPLE_LINE_H

#include "activations.h"

/* ---- The running line ---- */

/* Does a variable show the same as before, though it is another object? */
static inline int
is_same_scalar(PyObject *old, PyObject *live)
{
    PyTypeObject *type = Py_TYPE(live);
    return Py_TYPE(old) == type && (type == &PyLong_Type || type == &PyUnicode_Type)
           && hs_same(old, live) > 0;
}

/* Appends a value that is no small int, behind the head of its WRITE: 1 appended, 0 it shows the same as
 * `old`, -1 not one of the quick ones. */
static inline int
put_simply(HsRecorder *recorder, HsBuffer *buffer, uint8_t *head, PyObject *old, PyObject *live,
           PyObject **known)
{
    uint8_t *to = hs_simple_to(head, objects_of(recorder), live, known);
    if (to != NULL) {
        if (*known == old || is_same_scalar(old, live)) {
            return 0;
        }
        buffer->length = to - buffer->bytes;
        return 1;
    }
    if (!PyUnicode_CheckExact(live)) {
        return -1;
    }
    if (is_same_scalar(old, live)) {
        return 0;
    }
    if ((to = hs_new_text_to(head, objects_of(recorder), live)) == NULL) {
        return -1;
    }
    buffer->length = to - buffer->bytes;
    return 1;
}

/* Puts an object that is new to the log in a slot: 1 done, 0 it is not one of the quick ones. */
static Py_NO_INLINE int
store_new(HsRecorder *recorder, HsFrameState *state, int slot, PyObject *live)
{
    HsObjects *objects = objects_of(recorder);
    HsEntry *entry = hs_is_scalar(live) ? NULL : hs_make_known(objects, live);
    if (entry == NULL) {
        return 0;
    }
    HsBuffer *buffer = hs_event(objects, OP_WRITE);
    hs_uv(buffer, (uint64_t)slot);
    hs_u8(buffer, V_OBJECT);
    hs_uv(buffer, (uint64_t)entry->oid);
    ((HsNumbers *)state->written)->at[slot] = recorder->steps;
    state->fresh = 1;
    Py_SETREF(((PyListObject *)state->values)->ob_item[slot], Py_NewRef(entry));
    return 1;
}

/* Puts a scalar or the entry of an object in the place of a slot whose old value is of no interest
 * to others: 1 done or nothing to do, 0 not one of the quick ones. */
static Py_ALWAYS_INLINE inline int
store_simply(HsRecorder *recorder, HsFrameState *state, int slot, PyObject **place, PyObject *live)
{
    PyObject *known = live, *old = *place;
    if (live == old || (live == NULL && old == hs.unbound)) {
        return 1;
    }
    HsObjects *objects = objects_of(recorder);
    HsBuffer *buffer = hs_buffer_of(objects);
    uint8_t *to = hs_simple_room(buffer);
    if (live == NULL || to == NULL || !hs_can_be_let_go(old)) {
        return 0;
    }
    Py_ssize_t number, was;
    *to++ = OP_WRITE;
    to = hs_uv_to(to, (uint64_t)slot);
    if (hs_small_int(live, &number)) {
        if (hs_small_int(old, &was) && was == number) {
            return 1;
        }
        buffer->length = hs_int_to(to, number) - buffer->bytes;
    }
    else {
        int put = put_simply(recorder, buffer, to, old, live, &known);
        if (put <= 0) {
            return put == 0 || store_new(recorder, state, slot, live);
        }
    }
    objects->events++;
    *place = Py_NewRef(known);
    ((HsNumbers *)state->written)->at[slot] = recorder->steps;
    state->fresh = 1;
    Py_DECREF(old);
    return 1;
}

/* The same of all variables that a line stores. */
static Py_ALWAYS_INLINE inline int
store_all(HsRecorder *recorder, HsFrameState *state, HsFrame *frame, HsCodePlan *plan,
          HsLinePlan *line)
{
    PyObject **values = ((PyListObject *)state->values)->ob_item;
    const int has_cells = plan->has_cells;
    for (const int *slot = line->slot_at, *end = slot + line->slot_count; slot < end; slot++) {
        PyObject *live = has_cells ? variable_in(frame, plan, *slot) : hs_frame_slot(frame, *slot);
        if (!store_simply(recorder, state, *slot, &values[*slot], live)) {
            return 0;
        }
    }
    return 1;
}

/* The current thread when the event is one of it, else NULL: borrowed. */
static inline HsThread *
thread_of(HsRecorder *recorder, unsigned long ident)
{
    HsThread *thread = (HsThread *)recorder->current;
    return hs_is((PyObject *)thread) && thread->ident == ident ? thread : NULL;
}

/* The state of the frame that has an event when our stack agrees, else NULL: borrowed. */
static inline HsFrameState *
state_of(HsThread *thread, HsFrame *frame, HsCodePlan *plan)
{
    HsFrameState *state = thread == NULL ? NULL : innermost(thread);
    return state != NULL && state->frame_id == (uint64_t)(uintptr_t)frame
                   && state->plan == (PyObject *)plan
               ? state
               : NULL;
}

/* Is the running line of a frame one of those that need no more than a glance? */
static inline int
is_common(HsFrameState *state, HsFrame *frame, HsCodePlan *plan)
{
    HsLinePlan *running = (HsLinePlan *)state->running;
    if (state->full || state->calls != NULL
        || (plan->fast && hs_filled_locals(frame) != NULL)) {
        return 0;
    }
    return !hs_is((PyObject *)running)
           || (running->simple && plan->fast
               && (!running->active || hs_is_common(running->compiled)));
}

/* Writes what the running line, a common one, has done: HS_FLUSHED, or how far it came. */
static Py_ALWAYS_INLINE inline HsGlance
see_running(HsRecorder *recorder, HsFrameState *state, HsFrame *frame, HsCodePlan *plan)
{
    HsLinePlan *running = (HsLinePlan *)state->running;
    if (!hs_is((PyObject *)running)) {
        return HS_FLUSHED;
    }
    if (!store_all(recorder, state, frame, plan, running)) {
        return HS_UNFINISHED;
    }
    if (running->active && !hs_only_scalars(running->compiled, state)) {
        HsSeen seen = hs_see_at_once(recorder, state, running->compiled);
        if (seen != HS_SEEN_ALL) {
            return seen == HS_SEEN ? HS_LOOKED : HS_UNFINISHED;
        }
    }
    return HS_FLUSHED;
}

/* The same of a line that has nothing of which it must be known what it was before. */
static Py_ALWAYS_INLINE inline HsGlance
see_to_the_end(HsRecorder *recorder, HsFrameState *state, HsFrame *frame, HsCodePlan *plan)
{
    return state->before != hs.empty ? HS_UNFINISHED : see_running(recorder, state, frame, plan);
}

/* Has nothing died, and nothing to be looked at for that? */
static inline int
is_swept(HsRecorder *recorder)
{
    return !hs_must_sweep(recorder) || hs_sweep_quietly(recorder);
}

/* The same, and the dead that told it themselves are in the buffer. */
static inline int
has_looked(HsRecorder *recorder)
{
    return PyList_GET_SIZE(objects_of(recorder)->dead) == 0 || hs_bury_quietly(recorder);
}

/* ---- LINE ---- */

/* Has a line that is about to run nothing of which it must be known what it was before? */
static inline int
has_nothing_to_find(HsRecorder *recorder, HsFrameState *state, HsLinePlan *next)
{
    Effects *effects = next->compiled;
    return is_plain(state, next)
           || (hs_is_common(effects) && state->calls == NULL
               && hs_nothing_before(recorder, state, effects));
}

/* Never declined once something has changed. */
static Py_ALWAYS_INLINE inline HsGlance
hs_on_simple_line(HsRecorder *recorder, HsFrame *frame, HsCodePlan *plan, long line,
                  unsigned long ident)
{
    HsFrameState *state = state_of(thread_of(recorder, ident), frame, plan);
    PyObject *next = hs_made_line_plan(plan, line);
    if (state == NULL || next == NULL || !is_common(state, frame, plan)) {
        return HS_DECLINED;
    }
    if (state->before != hs.empty || hs_must_look_closely(recorder) || !is_swept(recorder)) {
        return HS_UNFINISHED;
    }
    HsGlance seen = see_running(recorder, state, frame, plan);
    if (seen != HS_FLUSHED) {
        return seen;
    }
    if (state->raised) {
        handled(recorder, state);
    }
    if (!has_looked(recorder)) {
        return HS_FLUSHED;
    }
    if (next != Py_None && ((HsLinePlan *)next)->twice
        && !has_nothing_to_find(recorder, state, (HsLinePlan *)next)) {
        return HS_FLUSHED;
    }
    put_line(recorder, state, hs_frame_lasti(frame));
    if (next != state->running) {
        hs_replace(&state->running, Py_NewRef(next));
    }
    return HS_DONE;
}

#endif
