/* What do the events of frames have in common, done at a glance (simple_events.c) or not (recorder.c)? */
#ifndef HINDSIGHT_ACTIVATIONS_H
#define HINDSIGHT_ACTIVATIONS_H

#include "line_effects.h"
#include "simple_values.h"

static inline HsObjects *
objects_of(HsRecorder *recorder)
{
    return (HsObjects *)recorder->objects;
}

static inline HsCodePlan *
plan_of_state(HsFrameState *state)
{
    return (HsCodePlan *)state->plan;
}

/* What a slot holds for the program: borrowed, NULL when it is unbound. */
static inline PyObject *
variable_in(HsFrame *frame, HsCodePlan *plan, int slot)
{
    PyObject *value = hs_frame_slot(frame, slot);
    if (plan->has_cells && value != NULL && PyCell_Check(value)
        && (hs_code_slot_kind(hs_frame_code(frame), slot) & HS_SLOT_IS_CELL) != 0) {
        value = PyCell_GET(value);
    }
    return value;
}

static inline int
has_nothing_before(HsFrameState *state)
{
    return state->before == hs.empty || Py_SIZE(state->before) == 0;
}

/* Did a line, of which the effects have been compiled, work with scalars alone? */
static inline int
is_plain(HsFrameState *state, HsLinePlan *line)
{
    Effects *effects = line->compiled;
    if (effects == NULL || state->calls != NULL) {
        return 0;
    }
    return hs_only_scalars(effects, state);
}

static inline HsFrameState *
innermost(HsThread *thread)
{
    Py_ssize_t depth = PyList_GET_SIZE(thread->stack);
    return depth == 0 ? NULL : (HsFrameState *)PyList_GET_ITEM(thread->stack, depth - 1);
}

/* Takes the innermost state off the stack: a new reference. */
static inline HsFrameState *
pop_state(HsThread *thread)
{
    PyListObject *stack = (PyListObject *)thread->stack;
    Py_ssize_t depth = PyList_GET_SIZE(stack) - 1;
    PyObject *state = PyList_GET_ITEM(stack, depth);
    PyList_SET_ITEM(stack, depth, NULL);
    Py_SET_SIZE(stack, depth);
    return (HsFrameState *)state;
}

static inline void
handled(HsRecorder *recorder, HsFrameState *state)
{
    state->raised = 0;
    hs_uv(hs_event(objects_of(recorder), OP_HANDLED), (uint64_t)state->offset);
}

static inline void
put_line(HsRecorder *recorder, HsFrameState *state, int offset)
{
    HsObjects *objects = objects_of(recorder);
    HsBuffer *buffer = hs_buffer_of(objects);
    int64_t delta = offset - state->offset, events = objects->events + 1;
    int64_t steps = recorder->steps + 1;
    objects->events = events;
    recorder->steps_in_buffer++;
    recorder->line_at = recorder->total_events + events;
    recorder->steps = steps;
    state->offset = offset;
    state->step1 = steps;
    state->fresh = 1;
    if (delta >= -64 && delta <= 63) {
        hs_u8(buffer, (int)(0xC0 + delta));
    }
    else {
        hs_u8(buffer, OP_LINE_AT);
        hs_uv(buffer, (uint64_t)offset);
    }
}

/* The caller's frame on the interpreter's stack, when our stack agrees with it: NULL in *caller for
 * an empty stack. 1 found, 0 not. */
static inline int
find_caller(HsThread *thread, HsFrame *frame, HsFrame **caller)
{
    HsFrameState *top = innermost(thread);
    *caller = NULL;
    if (top == NULL) {
        return 1;
    }
    HsFrame *back = hs_frame_back(frame);
    while (back != NULL && (uint64_t)(uintptr_t)back != top->frame_id) {
        back = hs_frame_back(back);
    }
    *caller = back;
    return back != NULL;
}

/* The block that is being filled; a recording of several files counts the blocks of each. */
static inline int64_t
hs_block_here(HsRecorder *recorder)
{
    HsWriter *writer = (HsWriter *)recorder->writer;
    return (writer->file_number << 40) + writer->block + 1;
}

/* CodePlan.opname, as a number; -1 outside of the code. */
static inline int
opcode_at(HsCodePlan *plan, int offset)
{
    PyObject *bytecode = plan->bytecode;
    if (offset < 0 || 2 * (Py_ssize_t)offset >= PyBytes_GET_SIZE(bytecode)) {
        return -1;
    }
    return (uint8_t)PyBytes_AS_STRING(bytecode)[2 * offset];
}

/* Where a frame stands that yields: 3.13 stands behind the instruction. */
static inline int64_t
yield_offset(HsFrame *frame, HsCodePlan *plan)
{
    int offset = hs_frame_lasti(frame);
    return offset > 0 && opcode_at(plan, offset) == hs.resume ? offset - 1 : offset;
}

#endif
