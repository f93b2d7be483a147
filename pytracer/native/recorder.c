/* What does one event of the program say, when it is one of the frequent ones?
 *
 * Each function here mirrors a method of recorder.Recorder, activations.Activations or
 * variables.Variables, event for event. Before it has changed anything it may decline: then the
 * Python method does it. Inside, what C does not do itself is asked of the Python half, which
 * works on the same fields. */
#include "activations.h"

/* The frame object of a running frame of this thread: a new reference. */
static PyObject *
frame_object(HsFrame *frame)
{
    PyFrameObject *object = PyThreadState_GetFrame(PyThreadState_Get());
    while (object != NULL && hs_frame_of(object) != frame) {
        PyFrameObject *back = PyFrame_GetBack(object);
        Py_DECREF(object);
        object = back;
    }
    if (object == NULL) {
        PyErr_SetString(PyExc_SystemError, "a frame of the program is not on its stack");
    }
    return (PyObject *)object;
}

/* Asks a method of the recorder that takes a state and its frame. */
static int
ask_with_frame(HsRecorder *recorder, const char *method, PyObject *first, PyObject *second,
               HsFrame *frame)
{
    PyObject *object = frame_object(frame);
    if (object == NULL) {
        return -1;
    }
    int asked = second == NULL ? hs_ask(recorder, method, first, object, NULL)
                               : hs_ask(recorder, method, first, second, object);
    Py_DECREF(object);
    return asked;
}

/* ---- Variables ---- */

/* Replaces what a shadow holds; takes over the reference to `value`, which is in the buffer. */
static int
replace_slot(HsRecorder *recorder, HsFrameState *state, int slot, PyObject *value)
{
    PyObject *old = PyList_GET_ITEM(state->values, slot);
    PyList_SET_ITEM(state->values, slot, value);
    ((HsNumbers *)state->written)->at[slot] = recorder->steps;
    state->fresh = 1;
    int noted = hs_lost(objects_of(recorder), old);
    Py_DECREF(old);
    return noted;
}

/* Takes over the reference to `value`. */
static int
write_slot(HsRecorder *recorder, HsFrameState *state, int slot, PyObject *value)
{
    HsObjects *objects = objects_of(recorder);
    int unbound = value == hs.unbound;
    HsBuffer *buffer = hs_event(objects, unbound ? OP_DELETE : OP_WRITE);
    hs_uv(buffer, (uint64_t)slot);
    if (!unbound && hs_put_value(objects, value) < 0) {
        Py_DECREF(value);
        return -1;
    }
    return replace_slot(recorder, state, slot, value);
}

/* A variable that held a scalar holds a small int now. */
static inline int
write_small_int(HsRecorder *recorder, HsFrameState *state, int slot, PyObject *live,
                Py_ssize_t number)
{
    HsObjects *objects = objects_of(recorder);
    HsBuffer *buffer = hs_buffer_of(objects);
    PyObject *old = PyList_GET_ITEM(state->values, slot);
    objects->events++;
    PyList_SET_ITEM(state->values, slot, Py_NewRef(live));
    ((HsNumbers *)state->written)->at[slot] = recorder->steps;
    state->fresh = 1;
    Py_DECREF(old);
    hs_u8(buffer, OP_WRITE);
    hs_uv(buffer, (uint64_t)slot);
    hs_u8(buffer, V_INT);
    hs_sv(buffer, number);
    return 0;
}

/* What a shadow holds for a value that is live: a new reference, NULL on failure. */
static PyObject *
known_of(HsObjects *objects, PyObject *live)
{
    if (live == NULL) {
        return Py_NewRef(hs.unbound);
    }
    if (hs_is_scalar(live)) {
        return hs_variable(objects, live);
    }
    /* Kept alive: what logs a new object may run while another thread changes the variable. */
    Py_INCREF(live);
    PyObject *known = hs_known(objects, live);
    Py_DECREF(live);
    return known;
}

static int
compare_slot(HsRecorder *recorder, HsFrameState *state, HsFrame *frame, int slot)
{
    PyObject *old = PyList_GET_ITEM(state->values, slot);
    PyObject *live = variable_in(frame, plan_of_state(state), slot);
    if (live == old) {
        return 0;
    }
    Py_ssize_t number, before;
    if (live != NULL && hs_small_int(live, &number) && !hs_is_entry(old)) {
        return hs_small_int(old, &before) && before == number
                   ? 0
                   : write_small_int(recorder, state, slot, live, number);
    }
    if (live == NULL) {
        return old == hs.unbound ? 0
                                 : write_slot(recorder, state, slot, Py_NewRef(hs.unbound));
    }
    if (hs_is_entry(old) && (PyObject *)hs_entry_at(objects_of(recorder), live) == old) {
        return 0;
    }
    PyObject *known = known_of(objects_of(recorder), live);
    if (known == NULL) {
        return -1;
    }
    int same = hs_same(PyList_GET_ITEM(state->values, slot), known);
    if (same != 0) {
        Py_DECREF(known);
        return same < 0 ? -1 : 0;
    }
    return write_slot(recorder, state, slot, known);
}

/* Variables._compare_frame of a function's frame. */
static int
compare_frame(HsRecorder *recorder, HsFrameState *state, HsFrame *frame)
{
    HsCodePlan *plan = plan_of_state(state);
    if (!plan->fast) {
        return ask_with_frame(recorder, "_compare_frame", (PyObject *)state, NULL, frame);
    }
    state->full = 0;
    for (int slot = 0; slot < plan->slot_count; slot++) {
        if (compare_slot(recorder, state, frame, slot) < 0) {
            return -1;
        }
    }
    return 0;
}

/* ---- Names of namespaces ---- */

static int
ask_store_names(HsRecorder *recorder, HsEntry *entry, PyObject *name)
{
    PyObject *names = PyTuple_Pack(1, name);
    if (names == NULL) {
        return -1;
    }
    int asked = hs_ask(recorder, "_store_names", (PyObject *)entry, names, NULL);
    Py_DECREF(names);
    return asked;
}

/* 1 compared, 0 ask Python. */
static int
store_known_name(HsRecorder *recorder, HsEntry *entry, PyObject *name, PyObject *value)
{
    HsObjects *objects = objects_of(recorder);
    PyObject *place = PyDict_GetItemWithError(entry->index, name);
    if (place == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    Py_ssize_t at = PyLong_AsSsize_t(place);
    if (entry->items == NULL || at < 0 || at >= PyList_GET_SIZE(entry->items)) {
        return 0;
    }
    PyObject *mapped = value;
    if (!hs_is_scalar(value)) {
        HsEntry *found = hs_entry_at(objects, value);
        mapped = found != NULL ? (PyObject *)found : value;
    }
    if (mapped == PyList_GET_ITEM(entry->items, at)) {
        return 1;
    }
    Py_INCREF(mapped);
    int set = hs_set_item(objects, entry, at, mapped);
    Py_DECREF(mapped);
    return set < 0 ? -1 : 1;
}

/* Variables._store_names. */
static int
store_names(HsRecorder *recorder, HsEntry *entry, PyObject *names)
{
    if (!hs_is(entry->index)) {
        return hs_ask(recorder, "_store_names", (PyObject *)entry, names, NULL);
    }
    PyObject *namespace = hs_entry_object(entry);
    if (namespace == NULL || !PyDict_Check(namespace)) {
        Py_XDECREF(namespace);
        return hs_ask(recorder, "_store_names", (PyObject *)entry, names, NULL);
    }
    int stored = 0;
    for (Py_ssize_t place = 0; stored >= 0 && place < PyTuple_GET_SIZE(names); place++) {
        PyObject *name = PyTuple_GET_ITEM(names, place);
        PyObject *value = Py_XNewRef(PyDict_GetItemWithError(namespace, name));
        if (value == NULL && PyErr_Occurred()) {
            stored = -1;
            break;
        }
        stored = value == NULL ? 0 : store_known_name(recorder, entry, name, value);
        Py_XDECREF(value);
        if (stored == 0) {
            stored = ask_store_names(recorder, entry, name);
        }
    }
    Py_DECREF(namespace);
    return stored < 0 ? -1 : 0;
}

/* ---- Variables that frames share ---- */

/* Variables._write_in, of a frame that is on the stack. */
static int
write_in(HsRecorder *recorder, HsFrameState *state, HsFrame *frame, int slot)
{
    HsObjects *objects = objects_of(recorder);
    PyObject *known = known_of(objects, variable_in(frame, plan_of_state(state), slot));
    if (known == NULL) {
        return -1;
    }
    int same = hs_same(PyList_GET_ITEM(state->values, slot), known);
    if (same != 0) {
        Py_DECREF(known);
        return same < 0 ? -1 : 0;
    }
    HsBuffer *buffer = hs_event(objects, OP_WRITE_IN);
    hs_uv(buffer, (uint64_t)state->number);
    hs_uv(buffer, (uint64_t)slot);
    if (hs_put_value(objects, known) < 0) {
        Py_DECREF(known);
        return -1;
    }
    return replace_slot(recorder, state, slot, known);
}

/* Compares the known cells that closures hold under a name. */
static int
compare_cells(HsObjects *objects, PyObject *name)
{
    PyObject *cells = PyDict_GetItemWithError(objects->cells, name);
    if (cells == NULL || PyDict_GET_SIZE(cells) == 0) {
        return PyErr_Occurred() ? -1 : 0;
    }
    PyObject *entries = PyDict_Values(cells);
    int done = entries == NULL ? -1 : 0;
    for (Py_ssize_t place = 0; done == 0 && place < PyList_GET_SIZE(entries); place++) {
        done = hs_compare(objects, (HsEntry *)PyList_GET_ITEM(entries, place), NULL);
    }
    Py_XDECREF(entries);
    return done;
}

/* The frame of another state that is on the stack of this thread, behind `frame`; NULL: Python knows
 * more. */
static HsFrame *
find_sharer(HsFrame *frame, const HsFrameState *other)
{
    while (frame != NULL && (uint64_t)(uintptr_t)frame != other->frame_id) {
        frame = hs_frame_back(frame);
    }
    return frame;
}

enum { MOST_SHARERS = 8 };
typedef struct {
    HsFrameState *state;    /* borrowed */
    HsFrame *frame;
    int slot;
} Sharer;

/* Those who share a variable under a name, in the order in which their frames are met from this one on:
 * how many, -1 when that is for Python, -2 on failure. */
static int
find_sharers(HsRecorder *recorder, HsFrameState *state, PyObject *name, HsFrame *frame,
             Sharer *found)
{
    PyObject *others = PyDict_GetItemWithError(recorder->sharing, name), *number, *one;
    Py_ssize_t at = 0;
    int count = 0;
    if (others == NULL) {
        return PyErr_Occurred() ? -2 : 0;
    }
    while (PyDict_Next(others, &at, &number, &one)) {
        HsFrameState *other = (HsFrameState *)one;
        HsCodePlan *plan = plan_of_state(other);
        if (other == state || PyUnicode_Compare(plan->filename, plan_of_state(state)->filename) != 0) {
            continue;
        }
        PyObject *slot = PyDict_GetItemWithError(plan->slot_of, name);
        if (count == MOST_SHARERS || slot == NULL || !plan->fast || !plan->attached
            || other->thread != state->thread
            || (found[count].frame = find_sharer(frame, other)) == NULL) {
            return PyErr_Occurred() ? -2 : -1;
        }
        found[count].state = other;
        found[count++].slot = (int)PyLong_AsLong(slot);
    }
    return PyErr_Occurred() ? -2 : count;
}

/* The one whose frame comes first from `frame` on is taken out of *count of them. */
static Sharer
take_nearest(HsFrame *frame, Sharer *found, int *count)
{
    for (;; frame = hs_frame_back(frame)) {
        for (int place = 0; place < *count; place++) {
            if (found[place].frame == frame) {
                Sharer nearest = found[place];
                found[place] = found[--*count];
                return nearest;
            }
        }
    }
}

/* Variables._share. */
static int
share(HsRecorder *recorder, HsFrameState *state, PyObject *name, HsFrame *frame)
{
    Sharer found[MOST_SHARERS];
    int count = hs_is(objects_of(recorder)->watches)
                    ? -1
                    : find_sharers(recorder, state, name, frame, found);
    if (count == -1) {
        return ask_with_frame(recorder, "_share", (PyObject *)state, name, frame);
    }
    int done = count < 0 ? -1 : compare_cells(objects_of(recorder), name);
    for (int place = 0; place < count; place++) {
        Py_INCREF(found[place].state);
    }
    while (count > 0) {
        Sharer nearest = take_nearest(frame, found, &count);
        if (done == 0) {
            done = write_in(recorder, nearest.state, nearest.frame, nearest.slot);
        }
        Py_DECREF(nearest.state);
    }
    return done;
}

/* ---- The running line ---- */

static int
store_slots(HsRecorder *recorder, HsFrameState *state, HsLinePlan *running, HsFrame *frame)
{
    for (int place = 0; place < running->slot_count; place++) {
        if (compare_slot(recorder, state, frame, running->slot_at[place]) < 0) {
            return -1;
        }
    }
    for (Py_ssize_t place = 0; place < PyTuple_GET_SIZE(running->derefs); place++) {
        if (share(recorder, state, PyTuple_GET_ITEM(running->derefs, place), frame) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Up to 3.12 `locals()` and its like fill one dict of the frame anew. */
static int
compare_locals(HsRecorder *recorder, HsFrame *frame)
{
    PyObject *names = hs_filled_locals(frame);
    HsEntry *entry = names == NULL ? NULL : hs_entry_at(objects_of(recorder), names);
    return entry == NULL ? 0 : hs_compare(objects_of(recorder), entry, NULL);
}

/* Variables._flush. */
static int
flush(HsRecorder *recorder, HsFrameState *state, HsFrame *frame)
{
    if (!hs_is(state->running)) {
        return 0;
    }
    HsLinePlan *running = (HsLinePlan *)state->running;
    HsCodePlan *plan = plan_of_state(state);
    if (!running->ready || running->stores_any || (running->slot_count > 0 && !plan->fast)) {
        return ask_with_frame(recorder, "_flush", (PyObject *)state, NULL, frame);
    }
    Py_INCREF(running);
    int done = running->slot_count > 0 ? store_slots(recorder, state, running, frame) : 0;
    if (done == 0 && PyTuple_GET_SIZE(running->names) > 0 && hs_is(state->locals)) {
        done = store_names(recorder, (HsEntry *)state->locals, running->names);
    }
    if (done == 0 && PyTuple_GET_SIZE(running->globals) > 0 && hs_is(state->globals)) {
        done = store_names(recorder, (HsEntry *)state->globals, running->globals);
    }
    if (done == 0 && running->active && !(is_plain(state, running) && has_nothing_before(state))) {
        done = hs_after(recorder, state, running);
        if (done > 0) {
            done = PySet_GET_SIZE(plan->cells) > 0 ? compare_frame(recorder, state, frame) : 0;
        }
    }
    Py_DECREF(running);
    return done == 0 && plan->fast ? compare_locals(recorder, frame) : done;
}

/* The same as `flush` of a line that was left unfinished at a glance: 1 done, 0 declined,
 * -1 failed. */
static int
flush_at_a_glance(HsRecorder *recorder, HsFrameState *state, HsFrame *frame, HsGlance glanced)
{
    HsLinePlan *running = (HsLinePlan *)state->running;
    if (hs_note_seen(objects_of(recorder)) < 0) {
        return -1;
    }
    if (glanced == HS_FLUSHED || !hs_is((PyObject *)running)) {
        return 1;
    }
    if (glanced == HS_LOOKED) {
        return hs_compare_seen(recorder);
    }
    if (running->slot_count > 0 && store_slots(recorder, state, running, frame) < 0) {
        return -1;
    }
    return running->active
                   && !(has_nothing_before(state) && hs_only_scalars(running->compiled, state))
               ? hs_quick_after(recorder, state, running->compiled)
               : 1;
}

/* Does what is left of the running line: 0 done, -1 failed; 1 done, and what is watched may have
 * changed: the event is declined. Python finds nothing more of the line to write, and lets the
 * debugger look. */
static int
flush_rest(HsRecorder *recorder, HsFrameState *state, HsFrame *frame, HsGlance glanced)
{
    int flushed =
        glanced == HS_DECLINED ? 0 : flush_at_a_glance(recorder, state, frame, glanced);
    if (flushed < 0 || (flushed == 0 && flush(recorder, state, frame) < 0)) {
        return -1;
    }
    return hs_is_touched(objects_of(recorder)) && hs_is(state->running);
}

/* What a handler answers. */
static inline int
answer(int done)
{
    return done < 0 ? -1 : done == 0;
}

/* Forgets the calls without a path that began on the line. */
static inline void
forget_calls(HsFrameState *state)
{
    if (state->calls != NULL) {
        hs_replace(&state->calls, NULL);
    }
}

/* ---- Threads and their stacks ---- */

/* The current thread if the event is one of it, else NULL: borrowed. */
static HsThread *
thread_here(HsRecorder *recorder)
{
    if (!hs_is(recorder->current)) {
        return NULL;
    }
    HsThread *thread = (HsThread *)recorder->current;
    /* `begin` has taken the lock for this thread. */
    return thread->ident == ((HsLock *)recorder->lock)->owner ? thread : NULL;
}

/* The state of the frame that has an event when our stack agrees, else NULL: borrowed. */
static HsFrameState *
top_of(HsRecorder *recorder, HsFrame *frame, HsCodePlan *plan)
{
    HsThread *thread = thread_here(recorder);
    HsFrameState *state = thread == NULL ? NULL : innermost(thread);
    if (state == NULL || state->frame_id != (uint64_t)(uintptr_t)frame
        || state->plan != (PyObject *)plan) {
        return NULL;
    }
    return state;
}

/* ---- Frame records ---- */

static uint64_t
number_of(PyObject *entry)
{
    return hs_is(entry) ? (uint64_t)((HsEntry *)entry)->oid : 0;
}

static int
put_frame(HsObjects *objects, HsFrameState *state)
{
    HsBuffer *buffer = hs_buffer_of(objects);
    HsCodePlan *plan = plan_of_state(state);
    HsNumbers *written = (HsNumbers *)state->written;
    hs_uv(buffer, (uint64_t)state->number);
    hs_uv(buffer, (uint64_t)plan->code_id);
    hs_uv(buffer, (uint64_t)state->offset);
    hs_uv(buffer, (uint64_t)state->step1);
    hs_uv(buffer, number_of(state->globals));
    hs_uv(buffer, number_of(state->locals));
    hs_u8(buffer, plan->suspends ? 1 : 0);
    Py_ssize_t count = PyList_GET_SIZE(state->values);
    hs_uv(buffer, (uint64_t)count);
    for (Py_ssize_t slot = 0; slot < count; slot++) {
        if (hs_put_value(objects, PyList_GET_ITEM(state->values, slot)) < 0) {
            return -1;
        }
        hs_uv(buffer, (uint64_t)written->at[slot]);
    }
    return 0;
}

int
hs_note_block_frame(HsRecorder *recorder, HsFrameState *state)
{
    int64_t here = hs_block_here(recorder);
    if (state->noted == here && state->noted_in == recorder->block_frames) {
        return 0;
    }
    PyObject *number = PyLong_FromLongLong(state->number);
    if (number == NULL) {
        return -1;
    }
    int noted = PyDict_SetItem(recorder->block_frames, number, Py_None);
    Py_DECREF(number);
    state->noted = noted < 0 ? 0 : here;
    state->noted_in = recorder->block_frames;
    return noted;
}

/* ---- LINE ---- */

static int
begin_line(HsRecorder *recorder, HsFrameState *state, HsCodePlan *plan, long line)
{
    PyObject *running = hs_line_plan(plan, line);
    if (running == NULL) {
        return -1;
    }
    hs_replace(&state->running, Py_NewRef(running));
    if (running != Py_None && ((HsLinePlan *)running)->twice
        && !is_plain(state, (HsLinePlan *)running)) {
        PyObject *before = hs_before(recorder, state, (HsLinePlan *)running);
        if (before == NULL) {
            return -1;
        }
        hs_replace(&state->before, before);
    }
    else if (state->before != hs.empty) {
        hs_replace(&state->before, Py_NewRef(hs.empty));
    }
    return 0;
}

int
hs_on_line(HsRecorder *recorder, HsFrame *frame, HsCodePlan *plan, long line, HsGlance glanced)
{
    HsFrameState *state = top_of(recorder, frame, plan);
    if (state == NULL) {
        return 0;
    }
    Py_INCREF(state);
    int done = flush_rest(recorder, state, frame, glanced);
    if (done == 0 && state->full) {
        done = compare_frame(recorder, state, frame);
    }
    if (done == 0 && hs_is_touched(objects_of(recorder))) {
        done = 1;
    }
    if (done == 0) {
        if (state->raised) {
            handled(recorder, state);
        }
        done = hs_look(recorder);
    }
    if (done == 0) {
        forget_calls(state);
        put_line(recorder, state, hs_frame_lasti(frame));
        done = begin_line(recorder, state, plan, line);
    }
    Py_DECREF(state);
    return answer(done);
}

/* ---- Calls that no path tells ---- */

int
hs_on_called(HsRecorder *recorder, HsFrame *frame, HsCodePlan *plan, PyObject *call,
             PyObject *function, PyObject *first)
{
    HsFrameState *state = top_of(recorder, frame, plan);
    if (state == NULL) {
        return 0;
    }
    PyObject *seen;
    Py_INCREF(state);
    int done = hs_see(recorder, state, call, function, first, &seen);
    if (done > 0 && seen != NULL) {
        if (state->calls == NULL) {
            state->calls = PyList_New(0);
        }
        done = state->calls == NULL || PyList_Append(state->calls, seen) < 0 ? -1 : 1;
    }
    Py_XDECREF(seen);
    Py_DECREF(state);
    return done;
}

/* ---- CALL and RESUME ---- */

/* Activations._flush_caller: logs what the calling line, or code unseen when there is no recorded
 * caller, did so far; puts the caller's offset into *offset. */
static int
flush_caller(HsRecorder *recorder, HsThread *thread, HsFrame *caller, HsGlance glanced,
             int64_t *offset)
{
    *offset = 0;
    if (caller == NULL) {
        return hs_walk((HsChanges *)recorder->changes, NULL, 0, 1);
    }
    HsFrameState *state = innermost(thread);
    Py_INCREF(state);
    int done = flush_rest(recorder, state, caller, glanced);
    if (done == 0) {
        if (state->raised) {
            handled(recorder, state);
        }
        int lasti = hs_frame_lasti(caller);
        state->offset = lasti >= 0 ? lasti : 0;
        state->fresh = 1;
        *offset = state->offset;
    }
    Py_DECREF(state);
    return done;
}

/* Activations._bind of a function: the arguments; tells how many are to be logged. */
static int
bind(HsRecorder *recorder, HsFrameState *state, HsFrame *frame, Py_ssize_t *bound)
{
    HsCodePlan *plan = plan_of_state(state);
    Py_ssize_t count = (Py_ssize_t)(plan->free ? plan->slot_count : plan->argument_count);
    *bound = 0;
    for (Py_ssize_t slot = 0; slot < count; slot++) {
        PyObject *live = variable_in(frame, plan, (int)slot);
        if (live == NULL) {
            continue;
        }
        Py_INCREF(live);
        PyObject *known = hs_variable(objects_of(recorder), live);
        Py_DECREF(live);
        if (known == NULL) {
            return -1;
        }
        PyObject *old = PyList_GET_ITEM(state->values, slot);
        PyList_SET_ITEM(state->values, slot, known);
        Py_DECREF(old);
        ((HsNumbers *)state->written)->at[slot] = recorder->steps;
        if (known != hs.unbound) {
            *bound = slot + 1;
        }
    }
    return 0;
}

static int
put_call(HsRecorder *recorder, HsFrameState *state, int64_t caller, Py_ssize_t bound)
{
    HsObjects *objects = objects_of(recorder);
    HsCodePlan *plan = plan_of_state(state);
    HsBuffer *buffer = hs_event(objects, OP_CALL);
    hs_uv(buffer, (uint64_t)caller);
    hs_uv(buffer, (uint64_t)state->number);
    hs_uv(buffer, (uint64_t)plan->code_id);
    hs_uv(buffer, number_of(state->globals));
    hs_uv(buffer, number_of(state->locals));
    hs_u8(buffer, plan->suspends ? 1 : 0);
    hs_uv(buffer, (uint64_t)bound);
    for (Py_ssize_t slot = 0; slot < bound; slot++) {
        if (hs_put_value(objects, PyList_GET_ITEM(state->values, slot)) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Tells LineChanges of a namespace, once for each plan. */
static int
note_globals(HsRecorder *recorder, HsCodePlan *plan, HsEntry *entry)
{
    if (plan->globals_seen == entry->oid + 1) {
        return 0;
    }
    PyObject *oid = PyLong_FromLongLong(entry->oid);
    if (oid == NULL) {
        return -1;
    }
    PyObject *globals = ((HsChanges *)recorder->changes)->globals;
    PyObject *found = PyDict_SetDefault(globals, oid, (PyObject *)entry);
    Py_DECREF(oid);
    if (found == NULL) {
        return -1;
    }
    plan->globals_seen = entry->oid + 1;
    return 0;
}

/* New frames that share variables are found by the names of these. */
static int
share_cells(HsRecorder *recorder, HsFrameState *state)
{
    HsCodePlan *plan = plan_of_state(state);
    if (PySet_GET_SIZE(plan->cells) == 0) {
        return 0;
    }
    PyObject *number = PyLong_FromLongLong(state->number);
    PyObject *names = number == NULL ? NULL : PyObject_GetIter(plan->cells);
    int done = names == NULL ? -1 : 0;
    PyObject *name;
    while (done == 0 && (name = PyIter_Next(names)) != NULL) {
        PyObject *named = PyDict_GetItemWithError(recorder->sharing, name);
        if (named != NULL) {
            done = PyDict_SetItem(named, number, (PyObject *)state);
        }
        else if (PyErr_Occurred()) {
            done = -1;
        }
        else {
            PyObject *fresh = PyDict_New();
            done = fresh == NULL || PyDict_SetItem(fresh, number, (PyObject *)state) < 0
                           || PyDict_SetItem(recorder->sharing, name, fresh) < 0
                       ? -1
                       : 0;
            Py_XDECREF(fresh);
        }
        Py_DECREF(name);
    }
    Py_XDECREF(names);
    Py_XDECREF(number);
    return PyErr_Occurred() ? -1 : done;
}

/* A generator that begins to run is known by its frame's number from now on. */
static int
begin_generator(HsRecorder *recorder, HsFrameState *state, HsFrame *frame)
{
    HsObjects *objects = objects_of(recorder);
    PyObject *key = PyLong_FromVoidPtr(frame);
    if (key == NULL) {
        return -1;
    }
    HsEntry *entry = (HsEntry *)Py_XNewRef(PyDict_GetItemWithError(objects->generators, key));
    int done = entry == NULL ? (PyErr_Occurred() ? -1 : 0)
                             : PyDict_DelItem(objects->generators, key);
    Py_DECREF(key);
    if (done == 0 && entry != NULL && entry->alive) {
        PyObject *number = PyLong_FromLongLong(state->number);
        done = number == NULL ? -1
                              : PyDict_SetItem(objects->by_frame, number, (PyObject *)entry);
        if (number != NULL) {
            hs_replace(&entry->value, number);
        }
        if (done == 0 && (done = hs_begin_change(objects, entry)) == 0) {
            HsBuffer *buffer = hs_buffer_of(objects);
            hs_u8(buffer, OP_GENERATOR);
            hs_uv(buffer, (uint64_t)entry->oid);
            hs_uv(buffer, (uint64_t)state->number);
        }
    }
    Py_XDECREF(entry);
    return done;
}

static int
finish_call(HsRecorder *recorder, HsFrameState *state, HsFrame *frame, int64_t caller)
{
    Py_ssize_t bound;
    if (bind(recorder, state, frame, &bound) < 0
        || put_call(recorder, state, caller, bound) < 0) {
        return -1;
    }
    state->block = ((HsWriter *)recorder->writer)->block;
    if (PyList_Append(((HsThread *)state->thread)->stack, (PyObject *)state) < 0
        || share_cells(recorder, state) < 0) {
        return -1;
    }
    return plan_of_state(state)->suspends ? begin_generator(recorder, state, frame) : 0;
}

/* tasks.is_outermost: it may be a task's own coroutine, which Python looks after. */
static int
is_outermost(HsFrame *frame)
{
    if (!(hs_frame_code(frame)->co_flags & CO_COROUTINE)) {
        return 0;
    }
    HsFrame *back = hs_frame_back(frame);
    return back == NULL
           || !(hs_frame_code(back)->co_flags
                & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR));
}

int
hs_on_call(HsRecorder *recorder, HsFrame *frame, HsCodePlan *plan, HsGlance glanced)
{
    HsThread *thread = thread_here(recorder);
    HsFrame *caller;
    if (thread == NULL || !plan->fast || is_outermost(frame) || !find_caller(thread, frame, &caller)
        || plan->file_number != ((HsWriter *)recorder->writer)->file_number
        || hs_map_get((HsIdMap *)recorder->suspended, frame) != NULL) {
        return 0;
    }
    HsEntry *globals = hs_entry_at(objects_of(recorder), hs_frame_globals(frame));
    if (globals == NULL || !hs_is(globals->index)) {
        return 0;
    }
    Py_INCREF(thread);
    int64_t offset;
    int done = flush_caller(recorder, thread, caller, glanced, &offset);
    if (done == 0) {
        done = hs_look(recorder);
    }
    HsFrameState *state = NULL;
    if (done == 0) {
        recorder->started = 1;
        state = hs_new_state(recorder, plan, thread, frame);
        done = state == NULL ? -1 : 0;
    }
    if (done == 0) {
        hs_replace(&state->globals, Py_NewRef(globals));
        done = note_globals(recorder, plan, globals);
    }
    if (done == 0) {
        done = finish_call(recorder, state, frame, offset);
    }
    Py_XDECREF(state);
    Py_DECREF(thread);
    return answer(done);
}

int
hs_on_resume(HsRecorder *recorder, HsFrame *frame, HsCodePlan *plan, HsGlance glanced)
{
    HsThread *thread = thread_here(recorder);
    HsIdMap *suspended = (HsIdMap *)recorder->suspended;
    HsFrame *caller, *back = hs_frame_back(frame);
    if (thread == NULL || !plan->fast || !find_caller(thread, frame, &caller)
        || (back != NULL && hs_map_get(suspended, back) != NULL)) {
        return 0;
    }
    HsFrameState *state = (HsFrameState *)hs_map_get(suspended, frame);
    if (state == NULL || state->plan != (PyObject *)plan) {
        return 0;
    }
    HsFrameState *top = innermost(thread);
    if (top != NULL && top->frame_id == (uint64_t)(uintptr_t)frame) {
        return 0;
    }
    HsObjects *objects = objects_of(recorder);
    Py_INCREF(thread);
    Py_INCREF(state);
    int64_t offset;
    int done = flush_caller(recorder, thread, caller, glanced, &offset);
    if (done == 0) {
        Py_XDECREF(hs_map_pop(suspended, frame));
        done = hs_look(recorder);
    }
    if (done == 0) {
        HsBuffer *buffer = hs_event(objects, OP_RESUME);
        int64_t block = ((HsWriter *)recorder->writer)->block;
        hs_uv(buffer, (uint64_t)offset);
        hs_uv(buffer, (uint64_t)state->number);
        hs_u8(buffer, state->block != block);
        if (state->block != block) {
            done = put_frame(objects, state);
            state->block = block;
        }
    }
    if (done == 0) {
        hs_replace(&state->thread, Py_NewRef(thread));
        state->fresh = 1;
        done = PyList_Append(thread->stack, (PyObject *)state) < 0
                       || hs_note_block_frame(recorder, state) < 0
                   ? -1
                   : compare_frame(recorder, state, frame);
    }
    Py_DECREF(state);
    Py_DECREF(thread);
    return answer(done);
}

/* ---- RETURN and YIELD ---- */

/* Recorder._finish_line. */
static int
finish_line(HsRecorder *recorder, HsFrameState *state, HsFrame *frame, HsGlance glanced,
            int is_handled)
{
    int done = flush_rest(recorder, state, frame, glanced);
    if (done != 0) {
        return done;
    }
    hs_replace(&state->running, NULL);
    forget_calls(state);
    if (is_handled && state->raised) {
        handled(recorder, state);
    }
    return hs_look(recorder);
}

static int
unshare_cells(HsRecorder *recorder, HsFrameState *state)
{
    HsCodePlan *plan = plan_of_state(state);
    if (PySet_GET_SIZE(plan->cells) == 0) {
        return 0;
    }
    PyObject *number = PyLong_FromLongLong(state->number);
    PyObject *names = number == NULL ? NULL : PyObject_GetIter(plan->cells);
    PyObject *name;
    while (names != NULL && (name = PyIter_Next(names)) != NULL) {
        PyObject *named = PyDict_GetItemWithError(recorder->sharing, name);
        if (named != NULL && PyDict_DelItem(named, number) < 0
            && PyErr_ExceptionMatches(PyExc_KeyError)) {
            PyErr_Clear();
        }
        Py_DECREF(name);
    }
    Py_XDECREF(names);
    Py_XDECREF(number);
    return PyErr_Occurred() ? -1 : 0;
}

/* LogState._forget_frame. */
static int
forget_frame(HsRecorder *recorder, HsFrameState *state)
{
    HsObjects *objects = objects_of(recorder);
    for (Py_ssize_t slot = 0; slot < PyList_GET_SIZE(state->values); slot++) {
        PyObject *value = PyList_GET_ITEM(state->values, slot);
        if (hs_is_entry(value) && hs_lost(objects, value) < 0) {
            return -1;
        }
    }
    if (hs_is(state->locals) && state->locals != state->globals
        && hs_lost(objects, state->locals) < 0) {
        return -1;
    }
    return unshare_cells(recorder, state);
}

/* The frame has left its thread, with a value or an exception. */
static int
leave(HsRecorder *recorder, HsThread *thread, HsFrameState *state, PyObject *known)
{
    Py_DECREF(pop_state(thread));
    int done = forget_frame(recorder, state);
    return done < 0 ? done : hs_lost(objects_of(recorder), known);
}

int
hs_on_return(HsRecorder *recorder, HsFrame *frame, HsCodePlan *plan, PyObject *value,
             HsGlance glanced)
{
    HsFrameState *state = top_of(recorder, frame, plan);
    if (state == NULL) {
        return 0;
    }
    HsObjects *objects = objects_of(recorder);
    HsThread *thread = (HsThread *)Py_NewRef(recorder->current);
    Py_INCREF(state);
    PyObject *known = NULL;
    int done = finish_line(recorder, state, frame, glanced, 1);
    if (done == 0) {
        known = hs_known(objects, value);
        done = known == NULL ? -1 : 0;
    }
    if (done == 0) {
        HsBuffer *buffer = hs_event(objects, OP_RETURN);
        state->offset = hs_frame_lasti(frame);
        hs_uv(buffer, (uint64_t)state->offset);
        done = hs_put_value(objects, known);
    }
    if (done == 0) {
        done = leave(recorder, thread, state, known);
    }
    Py_XDECREF(known);
    Py_DECREF(thread);
    hs_drop_state(state);
    return answer(done);
}

static int
suspend(HsRecorder *recorder, HsThread *thread, HsFrameState *state, PyObject *known)
{
    HsFrameState *popped = pop_state(thread);
    int done = hs_map_set((HsIdMap *)recorder->suspended, (void *)(uintptr_t)state->frame_id,
                          (PyObject *)popped);
    Py_DECREF(popped);
    if (done < 0 || hs_note_block_frame(recorder, state) < 0) {
        return -1;
    }
    int kept = hs_is_entry(known) || hs_is_scalar(known);
    hs_replace(&thread->returned, Py_NewRef(kept ? known : Py_None));
    return hs_lost(objects_of(recorder), known);
}

typedef struct {
    PyObject *first;
    int count;
} Referents;

static int
note_referent(PyObject *value, void *referents)
{
    Referents *found = referents;
    found->first = value;
    found->count++;
    return 0;
}

/* layouts.unwrap: what an async generator hands on comes in an object of the interpreter's own. */
static PyObject *
unwrapped(PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);
    if (type->tp_traverse == NULL || strcmp(type->tp_name, "async_generator_wrapped_value") != 0) {
        return value;
    }
    Referents found = {NULL, 0};
    type->tp_traverse(value, note_referent, &found);
    return found.count == 1 ? found.first : value;
}

int
hs_on_yield(HsRecorder *recorder, HsFrame *frame, HsCodePlan *plan, PyObject *value,
            HsGlance glanced)
{
    HsFrameState *state = top_of(recorder, frame, plan);
    if (state == NULL) {
        return 0;
    }
    value = unwrapped(value);
    HsObjects *objects = objects_of(recorder);
    HsThread *thread = (HsThread *)Py_NewRef(recorder->current);
    Py_INCREF(state);
    PyObject *known = NULL;
    int done = flush_rest(recorder, state, frame, glanced);
    if (done == 0) {
        forget_calls(state);
        if (state->raised) {
            handled(recorder, state);
        }
        known = hs_known(objects, value);
        done = known == NULL ? -1 : 0;
    }
    if (done == 0) {
        HsBuffer *buffer = hs_event(objects, OP_YIELD);
        state->offset = yield_offset(frame, plan);
        hs_uv(buffer, (uint64_t)state->offset);
        done = hs_put_value(objects, known);
    }
    if (done == 0) {
        done = suspend(recorder, thread, state, known);
    }
    Py_XDECREF(known);
    Py_DECREF(state);
    Py_DECREF(thread);
    return answer(done);
}

/* ---- RAISE and UNWIND ---- */

/* The entry of a traceback behind which there was no frame of the recorder's own; addresses alone,
 * so that nothing lives longer. An exception on its way through many frames gets its entries in
 * front of it, and only those are looked at. */
static struct {
    const void *exception, *entry, *next, *frame;
} clean;

static inline int
is_clean(PyObject *exception, const PyTracebackObject *entry)
{
    return clean.exception == exception && clean.entry == entry && clean.next == entry->tb_next
           && clean.frame == entry->tb_frame;
}

/* Is there a frame of the recorder's own in a traceback behind its first entry? */
static int
has_own_frames(PyObject *exception, const PyTracebackObject *traceback)
{
    const PyTracebackObject *second = traceback->tb_next;
    for (traceback = second; traceback != NULL && !is_clean(exception, traceback);
         traceback = traceback->tb_next) {
        PyObject *globals = PyFrame_GetGlobals(traceback->tb_frame);
        PyObject *package = PyDict_GetItemWithError(globals, hs.package_name);
        int is_own = package != NULL && PyUnicode_CheckExact(package)
                     && PyUnicode_Compare(package, hs.package) == 0;
        Py_DECREF(globals);
        if (package == NULL) {
            PyErr_Clear();
        }
        if (is_own) {
            return 1;
        }
    }
    if (second != NULL) {
        clean.exception = exception;
        clean.entry = second;
        clean.next = second->tb_next;
        clean.frame = second->tb_frame;
    }
    return 0;
}

static int
has_async_for(HsCodePlan *plan)
{
    for (Py_ssize_t place = 0; place < PyBytes_GET_SIZE(plan->bytecode); place += 2) {
        if ((uint8_t)PyBytes_AS_STRING(plan->bytecode)[place] == hs.end_async_for) {
            return 1;
        }
    }
    return 0;
}

/* Does the interpreter itself end an iteration with this exception? */
static int
is_swallowed(HsCodePlan *plan, int offset, PyObject *exception)
{
    PyTypeObject *type = Py_TYPE(exception);
    int ends_iteration =
        PyType_IsSubtype(type, (PyTypeObject *)PyExc_StopIteration)
        || (PyType_IsSubtype(type, (PyTypeObject *)PyExc_StopAsyncIteration)
            && has_async_for(plan));
    if (!ends_iteration) {
        return 0;
    }
    int opcode = opcode_at(plan, offset);
    return opcode >= 0 && opcode < PyBytes_GET_SIZE(hs.swallowers)
           && PyBytes_AS_STRING(hs.swallowers)[opcode] != 0;
}

static int
put_raise(HsRecorder *recorder, HsFrameState *state, HsFrame *frame, int from_call,
          PyObject *exception)
{
    HsObjects *objects = objects_of(recorder);
    PyObject *known = hs_known(objects, exception);
    if (known == NULL) {
        return -1;
    }
    int done = hs_is_entry(known) ? hs_compare(objects, (HsEntry *)known, NULL) : 0;
    if (done == 0) {
        HsBuffer *buffer = hs_event(objects, OP_RAISE);
        int offset = hs_frame_lasti(frame);
        state->offset = offset;
        hs_uv(buffer, (uint64_t)offset);
        hs_u8(buffer, from_call);
        done = hs_put_value(objects, known);
        state->raised = 1;
        state->lasti = 2 * (int64_t)offset;
    }
    if (done == 0) {
        done = hs_lost(objects, known);
    }
    Py_DECREF(known);
    return done;
}

int
hs_on_raise(HsRecorder *recorder, HsFrame *frame, HsCodePlan *plan, PyObject *exception)
{
    HsFrameState *state = top_of(recorder, frame, plan);
    if (state == NULL || hs.swallowers == NULL || !PyExceptionInstance_Check(exception)) {
        return 0;
    }
    PyTracebackObject *traceback =
        (PyTracebackObject *)((PyBaseExceptionObject *)exception)->traceback;
    int from_call = traceback != NULL && traceback->tb_next != NULL;
    if (from_call && has_own_frames(exception, traceback)) {
        return 0;
    }
    int offset = hs_frame_lasti(frame);
    if (is_swallowed(plan, offset, exception)) {
        return 1;
    }
    from_call = from_call && opcode_at(plan, offset) != hs.raise_varargs;
    Py_INCREF(state);
    int done = flush_rest(recorder, state, frame, HS_DECLINED);
    if (done == 0) {
        forget_calls(state);
        done = put_raise(recorder, state, frame, from_call, exception);
    }
    Py_DECREF(state);
    return answer(done);
}

int
hs_on_unwind(HsRecorder *recorder, HsFrame *frame, HsCodePlan *plan, PyObject *exception)
{
    HsFrameState *state = top_of(recorder, frame, plan);
    /* Who leaves the outermost frame may end the program. */
    if (state == NULL || PyList_GET_SIZE(((HsThread *)recorder->current)->stack) < 2) {
        return 0;
    }
    HsObjects *objects = objects_of(recorder);
    HsThread *thread = (HsThread *)Py_NewRef(recorder->current);
    Py_INCREF(state);
    PyObject *known = NULL;
    int done = finish_line(recorder, state, frame, HS_DECLINED, 0);
    if (done == 0) {
        known = hs_known(objects, exception);
        done = known == NULL ? -1 : 0;
    }
    if (done == 0) {
        hs_event(objects, OP_UNWIND);
        done = hs_put_value(objects, known);
    }
    if (done == 0) {
        done = leave(recorder, thread, state, known);
    }
    Py_XDECREF(known);
    Py_DECREF(thread);
    hs_drop_state(state);
    return answer(done);
}
