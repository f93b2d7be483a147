/* Which events of frames need no more than a glance?
 *
 * Without the lock: nothing here runs code, lets go of the GIL or can fail. Whatever is not simple is
 * left for recorder.c, which writes the same events; how far its line has been done is in HsGlance. */
#include "simple_line.h"

/* All of an event is written up to here. */
static inline void
put_event(HsObjects *objects, const uint8_t *to)
{
    HsBuffer *buffer = hs_buffer_of(objects);
    buffer->length = to - buffer->bytes;
    objects->events++;
}

/* ---- CALL and RESUME ---- */

/* The head of a CALL, and its arguments: each takes 11 bytes at most. */
enum { MOST_ARGUMENTS = 8, CALL_ROOM = 64 + MOST_ARGUMENTS * 16 };

/* The calling line has been written, and the caller stands at its instruction from now on. */
static inline int64_t
caller_at(HsFrameState *state, HsFrame *caller)
{
    int lasti = hs_frame_lasti(caller);
    state->offset = lasti >= 0 ? lasti : 0;
    state->fresh = 1;
    return state->offset;
}

/* The entry of the globals of a frame, most often those of its caller: borrowed, NULL for none. */
static inline HsEntry *
globals_of(HsRecorder *recorder, HsFrameState *top, HsFrame *frame)
{
    PyObject *globals = hs_frame_globals(frame);
    HsEntry *entry = (HsEntry *)top->globals;
    if (!hs_is((PyObject *)entry) || !entry->mapped
        || entry->key != (uint64_t)(uintptr_t)globals) {
        entry = hs_entry_at(objects_of(recorder), globals);
    }
    return entry != NULL && hs_is(entry->index) ? entry : NULL;
}

/* Pushes a state on the stack of its thread, which takes over the reference: 0 there is no memory. */
static inline int
push_state(HsThread *thread, HsFrameState *state)
{
    PyListObject *stack = (PyListObject *)thread->stack;
    Py_ssize_t depth = PyList_GET_SIZE(stack);
    if (depth < stack->allocated) {
        PyList_SET_ITEM(stack, depth, (PyObject *)state);
        Py_SET_SIZE(stack, depth + 1);
        return 1;
    }
    if (PyList_Append((PyObject *)stack, (PyObject *)state) < 0) {
        PyErr_Clear();
        return 0;
    }
    Py_DECREF(state);
    return 1;
}

/* Writes a CALL of a frame that is about to be known; fills `known` with its arguments. Returns where
 * it ends, NULL when an argument is not simple. `are_known`: there may be new texts among them, and
 * all else is. */
static inline uint8_t *
call_to(HsRecorder *recorder, HsFrame *frame, HsCodePlan *plan, HsEntry *globals, int64_t offset,
        PyObject **known, int are_known)
{
    HsObjects *objects = objects_of(recorder);
    int count = (int)plan->argument_count;
    uint8_t *to = hs_room(hs_buffer_of(objects), CALL_ROOM);
    if (to == NULL) {
        return NULL;
    }
    *to++ = OP_CALL;
    to = hs_uv_to(to, (uint64_t)offset);
    to = hs_uv_to(to, (uint64_t)recorder->next_frame);
    to = hs_uv_to(to, (uint64_t)plan->code_id);
    to = hs_uv_to(to, (uint64_t)globals->oid);
    *to++ = 0;
    *to++ = 0;
    *to++ = (uint8_t)count;
    for (int slot = 0; to != NULL && slot < count; slot++) {
        PyObject *live = hs_frame_slot(frame, slot);
        uint8_t *behind = live == NULL ? NULL : hs_simple_to(to, objects, live, &known[slot]);
        to = behind != NULL || !are_known ? behind : hs_new_text_to(to, objects, live);
    }
    return to;
}

/* Makes those arguments known that are new to the log: 0 not all can be written at a glance. */
static int
know_arguments(HsObjects *objects, HsFrame *frame, HsCodePlan *plan)
{
    uint8_t ignored[HS_SIMPLE_ROOM];
    for (int slot = 0; slot < (int)plan->argument_count; slot++) {
        PyObject *known, *live = hs_frame_slot(frame, slot);
        if (live == NULL
            || (hs_simple_to(ignored, objects, live, &known) == NULL
                && !hs_is_short_text(objects, live)
                && (hs_is_scalar(live) || hs_make_known(objects, live) == NULL))) {
            return 0;
        }
    }
    return 1;
}

HsGlance
hs_on_simple_call(HsRecorder *recorder, HsFrame *frame, HsCodePlan *plan, unsigned long ident)
{
    HsThread *thread = thread_of(recorder, ident);
    HsFrameState *top = thread == NULL ? NULL : innermost(thread);
    HsWriter *writer = (HsWriter *)recorder->writer;
    HsFrame *caller;
    if (top == NULL || !plan->fast || plan->suspends || plan->spare == NULL
        || plan->argument_count > MOST_ARGUMENTS || PySet_GET_SIZE(plan->cells) > 0
        || !recorder->started || plan->file_number != writer->file_number
        || top->raised || !find_caller(thread, frame, &caller)
        || !is_common(top, caller, plan_of_state(top))
        || hs_map_get((HsIdMap *)recorder->suspended, frame) != NULL
        || hs_must_look_closely(recorder)) {
        return HS_DECLINED;
    }
    HsEntry *globals = globals_of(recorder, top, frame);
    if (globals == NULL || plan->globals_seen != globals->oid + 1) {
        return HS_DECLINED;
    }
    HsGlance seen = see_to_the_end(recorder, top, caller, plan_of_state(top));
    if (seen != HS_FLUSHED) {
        return seen;
    }
    HsObjects *objects = objects_of(recorder);
    PyObject *known[MOST_ARGUMENTS];
    uint8_t *to;
    if (!is_swept(recorder) || !has_looked(recorder)
        || ((to = call_to(recorder, frame, plan, globals, caller_at(top, caller), known, 0)) == NULL
            && (!know_arguments(objects, frame, plan)
                || (to = call_to(recorder, frame, plan, globals, top->offset, known, 1)) == NULL))) {
        return HS_FLUSHED;
    }
    HsFrameState *state = hs_new_state(recorder, plan, thread, frame);
    if (!push_state(thread, state)) {
        /* There is no memory: hs_commit says so, and all is restated. */
        hs_buffer_of(objects)->failed = 1;
        hs_drop_state(state);
        recorder->next_frame--;
        return HS_FLUSHED;
    }
    PyObject **values = ((PyListObject *)state->values)->ob_item;
    int64_t *written = ((HsNumbers *)state->written)->at;
    for (int slot = 0; slot < (int)plan->argument_count; slot++) {
        /* A spare has nothing but UNBOUND. */
        Py_SETREF(values[slot], Py_NewRef(known[slot]));
        written[slot] = recorder->steps;
    }
    state->globals = Py_NewRef(globals);
    state->block = writer->block;
    put_event(objects, to);
    return HS_DONE;
}

/* Do all variables show what they did when the frame was left? */
static inline int
has_stayed(HsFrameState *state, HsFrame *frame, HsCodePlan *plan)
{
    PyObject **values = ((PyListObject *)state->values)->ob_item;
    for (int slot = 0; slot < (int)plan->slot_count; slot++) {
        PyObject *live = variable_in(frame, plan, slot);
        if (live == NULL ? values[slot] != hs.unbound
                         : !hs_shows(values[slot], live) && !is_same_scalar(values[slot], live)) {
            return 0;
        }
    }
    return 1;
}

/* Has the block been told of a frame that is suspended in it? */
static inline int
is_noted(HsRecorder *recorder, HsFrameState *state)
{
    return state->noted == hs_block_here(recorder) && state->noted_in == recorder->block_frames;
}

HsGlance
hs_on_simple_resume(HsRecorder *recorder, HsFrame *frame, HsCodePlan *plan, unsigned long ident)
{
    HsThread *thread = thread_of(recorder, ident);
    HsFrameState *top = thread == NULL ? NULL : innermost(thread);
    HsIdMap *suspended = (HsIdMap *)recorder->suspended;
    HsFrame *caller, *back = hs_frame_back(frame);
    if (top == NULL || !plan->fast || !find_caller(thread, frame, &caller)
        || (back != caller && hs_map_get(suspended, back) != NULL)
        || top->raised || !is_common(top, caller, plan_of_state(top))
        || hs_must_look_closely(recorder)) {
        return HS_DECLINED;
    }
    HsFrameState *state = (HsFrameState *)hs_map_get(suspended, frame);
    if (state == NULL || state->plan != (PyObject *)plan
        || top->frame_id == (uint64_t)(uintptr_t)frame
        || state->block != ((HsWriter *)recorder->writer)->block || !is_noted(recorder, state)
        || !has_stayed(state, frame, plan)) {
        return HS_DECLINED;
    }
    HsGlance seen = see_to_the_end(recorder, top, caller, plan_of_state(top));
    if (seen != HS_FLUSHED) {
        return seen;
    }
    HsObjects *objects = objects_of(recorder);
    uint8_t *to;
    if (!is_swept(recorder) || !has_looked(recorder)
        || (to = hs_simple_room(hs_buffer_of(objects))) == NULL
        || !push_state(thread, (HsFrameState *)Py_NewRef(state))) {
        return HS_FLUSHED;
    }
    *to++ = OP_RESUME;
    to = hs_uv_to(to, (uint64_t)caller_at(top, caller));
    to = hs_uv_to(to, (uint64_t)state->number);
    *to++ = 0;
    put_event(objects, to);
    Py_DECREF(hs_map_pop(suspended, frame));
    if (state->thread != (PyObject *)thread) {
        hs_replace(&state->thread, Py_NewRef(thread));
    }
    state->fresh = 1;
    state->full = 0;
    return HS_DONE;
}

/* ---- RETURN and YIELD ---- */

/* Writes an event that brings a value out of a frame, and what shadows hold for it into *known: where
 * it ends, NULL when the value is not simple. Nothing that can fail may come behind it. */
static uint8_t *
value_to(HsObjects *objects, int opcode, int64_t offset, PyObject *value, PyObject **known)
{
    for (int round = 0; round < 2; round++) {
        uint8_t *to = hs_simple_room(hs_buffer_of(objects));
        if (to == NULL) {
            return NULL;
        }
        *to++ = (uint8_t)opcode;
        uint8_t *head = hs_uv_to(to, (uint64_t)offset);
        to = hs_simple_to(head, objects, value, known);
        if (to != NULL) {
            return hs_can_be_let_go(*known) ? to : NULL;
        }
        if (PyUnicode_CheckExact(value)) {
            return hs_new_text_to(head, objects, value);
        }
        if (hs_is_scalar(value) || hs_make_known(objects, value) == NULL) {
            return NULL;
        }
    }
    return NULL;
}

/* Is nothing that the frame's variables hold to be looked at when they are gone? */
static inline int
can_be_left(HsFrameState *state, HsCodePlan *plan)
{
    PyObject **values = ((PyListObject *)state->values)->ob_item;
    for (Py_ssize_t slot = 0; slot < (Py_ssize_t)plan->slot_count; slot++) {
        if (!hs_can_be_let_go(values[slot])) {
            return 0;
        }
    }
    return 1;
}

HsGlance
hs_on_simple_return(HsRecorder *recorder, HsFrame *frame, HsCodePlan *plan, PyObject *value,
                    unsigned long ident)
{
    HsThread *thread = thread_of(recorder, ident);
    HsFrameState *state = state_of(thread, frame, plan);
    if (state == NULL || state->raised || !plan->fast || !is_common(state, frame, plan)
        || PySet_GET_SIZE(plan->cells) > 0 || hs_is(state->locals) || hs_must_look_closely(recorder)) {
        return HS_DECLINED;
    }
    HsGlance seen = see_to_the_end(recorder, state, frame, plan);
    if (seen != HS_FLUSHED) {
        return seen;
    }
    HsObjects *objects = objects_of(recorder);
    PyObject *known;
    uint8_t *to;
    if (!can_be_left(state, plan) || !is_swept(recorder) || !has_looked(recorder)
        || (to = value_to(objects, OP_RETURN, hs_frame_lasti(frame), value, &known)) == NULL) {
        return HS_FLUSHED;
    }
    put_event(objects, to);
    hs_drop_state(pop_state(thread));
    return HS_DONE;
}

HsGlance
hs_on_simple_yield(HsRecorder *recorder, HsFrame *frame, HsCodePlan *plan, PyObject *value,
                   unsigned long ident)
{
    HsThread *thread = thread_of(recorder, ident);
    HsFrameState *state = state_of(thread, frame, plan);
    if (state == NULL || (hs_frame_code(frame)->co_flags & CO_ASYNC_GENERATOR) != 0
        || state->raised || !plan->fast || !is_common(state, frame, plan)) {
        return HS_DECLINED;
    }
    HsGlance seen = see_to_the_end(recorder, state, frame, plan);
    if (seen != HS_FLUSHED) {
        return seen;
    }
    HsObjects *objects = objects_of(recorder);
    PyObject *known;
    int64_t offset = yield_offset(frame, plan);
    if (hs_note_block_frame(recorder, state) < 0) {
        PyErr_Clear();
        return HS_FLUSHED;
    }
    uint8_t *to = value_to(objects, OP_YIELD, offset, value, &known);
    if (to == NULL) {
        return HS_FLUSHED;
    }
    if (hs_map_set((HsIdMap *)recorder->suspended, frame, (PyObject *)state) < 0) {
        /* There is no memory: hs_commit says so, and all is restated. */
        PyErr_Clear();
        hs_buffer_of(objects)->failed = 1;
        return HS_FLUSHED;
    }
    state->offset = offset;
    put_event(objects, to);
    Py_DECREF(pop_state(thread));
    hs_replace(&thread->returned, Py_NewRef(known));
    return HS_DONE;
}
