/* What has died since the last event, and is nothing kept alive by us? The method `look` of
 * lifetimes.Lifetimes, and all that it needs, in the same order.
 *
 * An object of which only our pin is left is dead. Those that lost a reference that we knew of are
 * looked at at once, then at growing distances; besides, a few of the rest every eighth step. */
#include "hindsight.h"

enum { LEVELS = 11, SWEEP = 4, MANY = 256 };
static const int64_t NEVER = INT64_C(1) << 62;

typedef struct {
    int64_t due;
    HsEntry *entry; /* strong */
} Watched;

/* First in, first out. */
typedef struct {
    Watched *at;
    Py_ssize_t first;
    Py_ssize_t end;
    Py_ssize_t capacity;
} Queue;

struct HsWaiting {
    Queue later[LEVELS];
    Queue sweep;
    Py_ssize_t swept;       /* how far the sweep has come */
    int64_t swept_pins;     /* ObjectTable.pins when it was filled */
    PyObject *spare; /* an empty list, to take the place of `suspects` */
};

static int
put(Queue *queue, int64_t due, HsEntry *entry)
{
    if (queue->end == queue->capacity) {
        Py_ssize_t count = queue->end - queue->first;
        if (queue->first > queue->capacity / 2) {
            memmove(queue->at, queue->at + queue->first, (size_t)count * sizeof(Watched));
        }
        else {
            Py_ssize_t capacity = queue->capacity * 2 + 16;
            Watched *grown = PyMem_RawMalloc((size_t)capacity * sizeof(Watched));
            if (grown == NULL) {
                PyErr_NoMemory();
                return -1;
            }
            if (count > 0) {
                memcpy(grown, queue->at + queue->first, (size_t)count * sizeof(Watched));
            }
            PyMem_RawFree(queue->at);
            queue->at = grown;
            queue->capacity = capacity;
        }
        queue->first = 0;
        queue->end = count;
    }
    queue->at[queue->end].due = due;
    queue->at[queue->end].entry = (HsEntry *)Py_NewRef(entry);
    queue->end++;
    return 0;
}

static inline int
is_empty(Queue *queue)
{
    return queue->first == queue->end;
}

/* A new reference; the queue is not empty. */
static inline HsEntry *
take(Queue *queue)
{
    HsEntry *entry = queue->at[queue->first++].entry;
    if (queue->first == queue->end) {
        queue->first = queue->end = 0;
    }
    return entry;
}

static void
free_queue(Queue *queue)
{
    while (!is_empty(queue)) {
        Py_DECREF(take(queue));
    }
    PyMem_RawFree(queue->at);
    queue->at = NULL;
    queue->capacity = 0;
}

void
hs_free_waiting(struct HsWaiting *waiting)
{
    if (waiting == NULL) {
        return;
    }
    for (int level = 0; level < LEVELS; level++) {
        free_queue(&waiting->later[level]);
    }
    free_queue(&waiting->sweep);
    Py_XDECREF(waiting->spare);
    PyMem_RawFree(waiting);
}

static struct HsWaiting *
waiting_of(HsLives *lives)
{
    if (lives->waiting == NULL) {
        lives->waiting = PyMem_RawCalloc(1, sizeof(struct HsWaiting));
        if (lives->waiting == NULL) {
            PyErr_NoMemory();
        }
    }
    return lives->waiting;
}

/* Is only our pin left? */
static inline int
is_alone(HsEntry *entry)
{
    return Py_REFCNT(entry->pin) == 1;
}

/* ---- Letting go ---- */

/* Items that are not pinned take their time to die: what they hold must not go inside of an event. */
static int
are_pinned(PyObject *items)
{
    if (!hs_is(items)) {
        return 1;
    }
    for (Py_ssize_t place = 0; place < PyList_GET_SIZE(items); place++) {
        PyObject *item = PyList_GET_ITEM(items, place);
        if (hs_is_entry(item) && !hs_is(((HsEntry *)item)->pin)) {
            return 0;
        }
    }
    return 1;
}

/* Does the object's end run no code but that of what it holds, all of which is in the shadow? */
static int
is_quiet(HsEntry *entry)
{
    PyTypeObject *type = Py_TYPE(entry->pin);
    if (type != &PyList_Type && type != &PyTuple_Type && type != &PyDict_Type
        && type != &PyRange_Type && type != &PyByteArray_Type) {
        return 0;
    }
    int64_t kept = entry->items == NULL ? 0 : PyList_GET_SIZE(entry->items);
    return entry->total == kept && are_pinned(entry->items) && are_pinned(entry->keys);
}

static int
note_dead(HsObjects *objects, PyObject *found, HsEntry *entry)
{
    if (hs_bury(objects, entry) < 0) {
        return -1;
    }
    return PyList_Append(found, (PyObject *)entry);
}

/* Lets go of a dead object: at once when that runs no code, else outside of the callback. */
static int
let_go(HsLives *lives, PyObject *found, HsEntry *entry)
{
    int quiet = is_quiet(entry);
    if (note_dead((HsObjects *)lives->objects, found, entry) < 0
        || (!quiet && PyList_Append(lives->doomed, entry->pin) < 0)) {
        return -1;
    }
    hs_replace(&entry->pin, NULL);
    return 0;
}

/* ---- Looking ---- */

static int
watch(HsLives *lives, HsEntry *entry, int level, int64_t step)
{
    int64_t due = step + (INT64_C(1) << level);
    entry->watched = level + 1;
    if (put(&lives->waiting->later[level], due, entry) < 0) {
        return -1;
    }
    if (due < lives->due || lives->due <= step) {
        lives->due = due;
    }
    return 0;
}

static int
look_at_suspect(HsLives *lives, PyObject *found, HsEntry *entry, int64_t step)
{
    if (!entry->alive || !hs_is(entry->pin)) {
        return 0;
    }
    if (is_alone(entry)) {
        return let_go(lives, found, entry);
    }
    return entry->watched ? 0 : watch(lives, entry, 0, step);
}

static int
look_at_suspects(HsLives *lives, PyObject *found, int64_t step)
{
    HsObjects *objects = (HsObjects *)lives->objects;
    struct HsWaiting *waiting = lives->waiting;
    int done = 0;
    while (done == 0 && PyList_GET_SIZE(objects->suspects) > 0) {
        PyObject *fresh = waiting->spare != NULL ? waiting->spare : PyList_New(0);
        waiting->spare = NULL;
        if (fresh == NULL) {
            return -1;
        }
        PyObject *suspects = objects->suspects;
        objects->suspects = fresh;
        for (Py_ssize_t place = 0; done == 0 && place < PyList_GET_SIZE(suspects); place++) {
            done = look_at_suspect(lives, found, (HsEntry *)PyList_GET_ITEM(suspects, place),
                                   step);
        }
        if (PyList_SetSlice(suspects, 0, PY_SSIZE_T_MAX, NULL) < 0) {
            done = -1;
        }
        if (waiting->spare == NULL && Py_REFCNT(suspects) == 1) {
            waiting->spare = suspects;
        }
        else {
            Py_DECREF(suspects);
        }
    }
    return done;
}

static int
look_again(HsLives *lives, PyObject *found, int64_t step)
{
    struct HsWaiting *waiting = lives->waiting;
    for (int level = 0; level < LEVELS; level++) {
        Queue *queue = &waiting->later[level];
        while (!is_empty(queue) && queue->at[queue->first].due <= step) {
            HsEntry *entry = take(queue);
            int done = 0;
            entry->watched = 0;
            if (entry->alive && hs_is(entry->pin)) {
                if (is_alone(entry)) {
                    done = let_go(lives, found, entry);
                }
                else if (level + 1 < LEVELS) {
                    done = watch(lives, entry, level + 1, step);
                }
            }
            Py_DECREF(entry);
            if (done < 0) {
                return -1;
            }
        }
    }
    lives->due = NEVER;
    for (int level = 0; level < LEVELS; level++) {
        Queue *queue = &waiting->later[level];
        if (!is_empty(queue) && queue->at[queue->first].due < lives->due) {
            lives->due = queue->at[queue->first].due;
        }
    }
    return 0;
}

static int
fill_sweep(Queue *sweep, PyObject *pinned)
{
    PyObject *entry;
    Py_ssize_t place = 0;
    while (PyDict_Next(pinned, &place, NULL, &entry)) {
        if (put(sweep, 0, (HsEntry *)entry) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Are the pinned objects those that were swept last? */
static inline int
is_as_swept(struct HsWaiting *waiting, HsObjects *objects)
{
    return waiting->sweep.end - waiting->sweep.first == PyDict_GET_SIZE(objects->pinned)
           && waiting->swept_pins == objects->pins;
}

/* The pinned objects once more; where they are the same, nothing has to be collected. */
static int
begin_sweep(struct HsWaiting *waiting, HsObjects *objects)
{
    Queue *sweep = &waiting->sweep;
    waiting->swept = 0;
    if (is_as_swept(waiting, objects)) {
        return 0;
    }
    while (!is_empty(sweep)) {
        Py_DECREF(take(sweep));
    }
    waiting->swept_pins = objects->pins;
    return fill_sweep(sweep, objects->pinned);
}

/* After many deaths at once: the dead leave, the others keep their turns. */
static void
thin_out(struct HsWaiting *waiting)
{
    Queue *sweep = &waiting->sweep;
    Py_ssize_t next = sweep->first + waiting->swept, to = sweep->first;
    for (Py_ssize_t place = sweep->first; place < sweep->end; place++) {
        HsEntry *entry = sweep->at[place].entry;
        if (place == next) {
            waiting->swept = to - sweep->first;
        }
        if (entry->alive) {
            sweep->at[to++].entry = entry;
        }
        else {
            Py_DECREF(entry);
        }
    }
    if (next >= sweep->end) {
        waiting->swept = to - sweep->first;
    }
    sweep->end = to;
}

static int
rotate(HsLives *lives, PyObject *found)
{
    struct HsWaiting *waiting = lives->waiting;
    Queue *sweep = &waiting->sweep;
    if (waiting->swept >= sweep->end - sweep->first
        && begin_sweep(waiting, (HsObjects *)lives->objects) < 0) {
        return -1;
    }
    for (int round = 0; round < SWEEP && waiting->swept < sweep->end - sweep->first; round++) {
        HsEntry *entry = sweep->at[sweep->first + waiting->swept++].entry;
        if (entry->alive && hs_is(entry->pin) && is_alone(entry)
            && let_go(lives, found, entry) < 0) {
            return -1;
        }
    }
    return 0;
}

int
hs_sweep_quietly(HsRecorder *recorder)
{
    struct HsWaiting *waiting = ((HsLives *)recorder->lives)->waiting;
    if (waiting == NULL) {
        return 0;
    }
    Queue *sweep = &waiting->sweep;
    Py_ssize_t next = waiting->swept, end = sweep->end - sweep->first;
    if (next >= end) {
        if (!is_as_swept(waiting, (HsObjects *)recorder->objects)) {
            return 0;
        }
        next = 0;
    }
    end = end - next > SWEEP ? next + SWEEP : end;
    for (; next < end; next++) {
        HsEntry *entry = sweep->at[sweep->first + next].entry;
        if (entry->alive && hs_is(entry->pin) && is_alone(entry)) {
            return 0;
        }
    }
    waiting->swept = next;
    return 1;
}

/* ---- What told its death itself ---- */

static int
bury_told(HsRecorder *recorder, PyObject *found, PyObject *ref)
{
    PyObject *object = hs_is_entry(ref) ? Py_NewRef(ref) : PyObject_GetAttrString(ref, "entry");
    if (object == NULL) {
        return -1;
    }
    HsEntry *entry = (HsEntry *)object;
    int done = 0;
    if (entry->alive) {
        done = PyList_Append(found, object);
        int suspends = entry->kind == K_GENERATOR || entry->kind == K_COROUTINE
                       || entry->kind == K_ASYNC_GENERATOR;
        if (done == 0 && suspends && hs_is(entry->value)) {
            int has_frame = PyObject_IsTrue(entry->value);
            done = has_frame > 0 ? hs_ask(recorder, "generator_died", object, NULL, NULL)
                                 : has_frame;
        }
        if (done == 0) {
            done = hs_bury((HsObjects *)recorder->objects, entry);
        }
    }
    Py_DECREF(object);
    return done;
}

/* Takes the last item off a list: a new reference, NULL on failure. */
static PyObject *
pop_last(PyObject *list)
{
    Py_ssize_t last = PyList_GET_SIZE(list) - 1;
    PyObject *item = Py_NewRef(PyList_GET_ITEM(list, last));
    if (PyList_SetSlice(list, last, last + 1, NULL) < 0) {
        Py_CLEAR(item);
    }
    return item;
}

static int
look_at_told(HsRecorder *recorder, HsLives *lives, PyObject *found)
{
    HsObjects *objects = (HsObjects *)recorder->objects;
    int done = 0;
    while (done == 0 && PyList_GET_SIZE(objects->dead) > 0) {
        PyObject *ref = pop_last(objects->dead);
        done = ref == NULL ? -1 : bury_told(recorder, found, ref);
        Py_XDECREF(ref);
    }
    while (done == 0 && PyList_GET_SIZE(lives->collected) > 0) {
        PyObject *entry = pop_last(lives->collected);
        done = entry == NULL || PyList_Append(found, entry) < 0
                   ? -1
                   : hs_bury(objects, (HsEntry *)entry);
        Py_XDECREF(entry);
    }
    return done;
}

static void
put_dead(HsObjects *objects, PyObject *found)
{
    HsBuffer *buffer = hs_event(objects, OP_DEAD);
    hs_uv(buffer, (uint64_t)PyList_GET_SIZE(found));
    for (Py_ssize_t place = 0; place < PyList_GET_SIZE(found); place++) {
        hs_uv(buffer, (uint64_t)((HsEntry *)PyList_GET_ITEM(found, place))->oid);
    }
}

/* Does what a shadow holds belong to an object that we pin? */
static inline int
is_pinned(PyObject *known)
{
    return known != NULL && hs_is_entry(known) && hs_is(((HsEntry *)known)->pin);
}

static int
has_pinned(PyObject *row)
{
    Py_ssize_t count = hs_is(row) ? PyList_GET_SIZE(row) : 0;
    for (Py_ssize_t place = 0; place < count; place++) {
        if (is_pinned(PyList_GET_ITEM(row, place))) {
            return 1;
        }
    }
    return 0;
}

/* Has this one told its death itself, and is nothing of what it held to be looked at? */
static int
ends_quietly(PyObject *ref)
{
    HsEntry *entry = (HsEntry *)ref;
    if (!hs_is_entry(ref) || !entry->told || !entry->alive || entry->kind == K_CELL
        || entry->kind == K_ARRAY || hs_is(entry->ref) || is_pinned(entry->value)) {
        return 0;
    }
    return !has_pinned(entry->items) && !has_pinned(entry->keys) && !has_pinned(entry->attrs);
}

int
hs_bury_quietly(HsRecorder *recorder)
{
    enum { MOST = 32 };
    HsObjects *objects = (HsObjects *)recorder->objects;
    PyObject *dead = objects->dead;
    Py_ssize_t count = PyList_GET_SIZE(dead);
    uint8_t *to = hs_room(hs_buffer_of(objects), 16 + 10 * MOST);
    if (count > MOST || to == NULL || PyList_GET_SIZE(objects->weak_containers) > 0
        || ((PyListObject *)objects->dead_now)->allocated - PyList_GET_SIZE(objects->dead_now)
               < count) {
        return 0;
    }
    for (Py_ssize_t place = 0; place < count; place++) {
        if (!ends_quietly(PyList_GET_ITEM(dead, place))) {
            return 0;
        }
    }
    if (count > 1 && PyList_Reverse(dead) < 0) {
        return 0;
    }
    put_dead(objects, dead);
    objects->uncommitted = 1;
    for (Py_ssize_t place = 0; place < count; place++) {
        if (hs_bury(objects, (HsEntry *)PyList_GET_ITEM(dead, place)) < 0) {
            /* There was no memory: hs_commit says so, and all is restated. */
            PyErr_Clear();
            hs_buffer_of(objects)->failed = 1;
        }
    }
    hs_empty_list(dead);
    return 1;
}

static int
look(HsRecorder *recorder, HsLives *lives, PyObject *found)
{
    HsObjects *objects = (HsObjects *)recorder->objects;
    int64_t step = recorder->steps;
    if (look_at_told(recorder, lives, found) < 0
        || look_at_suspects(lives, found, step) < 0
        || (step >= lives->due && look_again(lives, found, step) < 0)
        || (hs_must_sweep(recorder) && rotate(lives, found) < 0)) {
        return -1;
    }
    if (PyList_GET_SIZE(found) > 0) {
        put_dead(objects, found);
        Queue *sweep = &lives->waiting->sweep;
        Py_ssize_t count = PyList_GET_SIZE(found);
        if (count >= MANY && count > (sweep->end - sweep->first) / 4) {
            thin_out(lives->waiting);
        }
    }
    if (PyDict_GET_SIZE(hs.finalizers) != lives->finalizers) {
        return hs_ask(lives, "_follow_deaths", NULL, NULL, NULL);
    }
    return PyList_GET_SIZE(found) > 0 && PyList_GET_SIZE(objects->weak_containers) > 0
               ? hs_compare_weak_containers(objects)
               : 0;
}

int
hs_look_closely(HsRecorder *recorder)
{
    HsLives *lives = (HsLives *)recorder->lives;
    if (waiting_of(lives) == NULL) {
        return -1;
    }
    if (lives->found == NULL && (lives->found = PyList_New(0)) == NULL) {
        return -1;
    }
    /* The list is used again: most looks find nothing. It is not there for a look inside a look. */
    PyObject *found = lives->found;
    lives->found = NULL;
    int done = look(recorder, lives, found);
    if (PyList_GET_SIZE(found) > 0 && PyList_SetSlice(found, 0, PY_SSIZE_T_MAX, NULL) < 0) {
        done = -1;
    }
    hs_replace(&lives->found, found);
    return done;
}

static PyObject *
lives_look(HsLives *self, PyObject *Py_UNUSED(ignored))
{
    if (self->recorder == NULL || !PyObject_TypeCheck(self->recorder, &HsRecorder_Type)) {
        PyErr_SetString(PyExc_TypeError, "C looks for the dead of its own recorder");
        return NULL;
    }
    return hs_look_closely((HsRecorder *)self->recorder) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *
lives_forget(HsLives *self, PyObject *Py_UNUSED(ignored))
{
    struct HsWaiting *waiting = self->waiting;
    self->waiting = NULL;
    hs_free_waiting(waiting);
    Py_RETURN_NONE;
}

PyMethodDef hs_lives_methods[] = {
    {"forget", (PyCFunction)lives_forget, METH_NOARGS, "Let go of what was to be looked at."},
    {"look", (PyCFunction)lives_look, METH_NOARGS, "Log what has died since the last event."},
    {NULL, NULL, 0, NULL},
};
