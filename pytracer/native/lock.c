/* Who holds the recorder?
 *
 * A lock as threading's RLock, whose owner C can read: the interpreter's own lock (GIL) guards its
 * fields, so that taking it when it is free costs two stores. */
#include "hindsight.h"

static PyObject *
lock_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwargs))
{
    return type->tp_alloc(type, 0);
}

static void
lock_dealloc(HsLock *self)
{
    Py_TYPE(self)->tp_free(self);
}

static void
leave_queue(HsLock *self, HsWaiter *waiter)
{
    HsWaiter **place = &self->waiters;
    while (*place != waiter) {
        place = &(*place)->next;
    }
    *place = waiter->next;
}

void
hs_wake_waiter(HsLock *self)
{
    HsWaiter *first = self->waiters;
    if (first->overtaken) {
        /* A thread whose events follow one another closely would overtake it again and again. */
        self->waiters = first->next;
        self->owner = first->thread;
        self->count = 1;
    }
    if (!first->woken) {
        first->woken = 1;
        PyThread_release_lock(first->wait);
    }
}

/* Sleeps until this thread has the lock; -1 when a signal's handler raised. */
static int
wait_in_queue(HsLock *self, HsWaiter *waiter)
{
    for (;;) {
        PyLockStatus status;
        Py_BEGIN_ALLOW_THREADS
        status = PyThread_acquire_lock_timed(waiter->wait, -1, 1);
        Py_END_ALLOW_THREADS
        if (status == PY_LOCK_ACQUIRED) {
            waiter->woken = 0;
        }
        int failed = status == PY_LOCK_INTR && Py_MakePendingCalls() < 0;
        if (self->owner == waiter->thread) {
            /* It was handed over, and with it the place in the queue. */
            if (failed) {
                hs_release_lock(self);
            }
            return failed ? -1 : 0;
        }
        if (failed) {
            leave_queue(self, waiter);
            if (self->owner == 0 && self->waiters != NULL) {
                hs_wake_waiter(self);
            }
            return -1;
        }
        if (self->owner == 0) {
            leave_queue(self, waiter);
            hs_take_free_lock(self, waiter->thread);
            return 0;
        }
        waiter->overtaken = 1;
    }
}

static int
wait_for_it(HsLock *self, unsigned long me)
{
    HsWaiter waiter = {.thread = me, .wait = PyThread_allocate_lock()};
    if (waiter.wait == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    PyThread_acquire_lock(waiter.wait, NOWAIT_LOCK);
    HsWaiter **end = &self->waiters;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = &waiter;
    int result = wait_in_queue(self, &waiter);
    PyThread_release_lock(waiter.wait);
    PyThread_free_lock(waiter.wait);
    return result;
}

/* 1 taken, 0 not free, -1 failed. */
static int
take(HsLock *self, int blocking)
{
    unsigned long me = PyThread_get_thread_ident();
    if (self->owner == me) {
        self->count++;
        return 1;
    }
    if (self->owner != 0) {
        if (!blocking) {
            return 0;
        }
        return wait_for_it(self, me) < 0 ? -1 : 1;
    }
    hs_take_free_lock(self, me);
    return 1;
}

static PyObject *
lock_acquire(HsLock *self, PyObject *const *args, Py_ssize_t count)
{
    int blocking = count == 0 ? 1 : PyObject_IsTrue(args[0]);
    if (blocking < 0) {
        return NULL;
    }
    int taken = take(self, blocking);
    return taken < 0 ? NULL : PyBool_FromLong(taken);
}

static PyObject *
lock_enter(HsLock *self, PyObject *Py_UNUSED(ignored))
{
    return take(self, 1) < 0 ? NULL : Py_NewRef(Py_True);
}

static PyObject *
lock_release(HsLock *self, PyObject *Py_UNUSED(ignored))
{
    if (self->owner != PyThread_get_thread_ident()) {
        PyErr_SetString(PyExc_RuntimeError, "cannot release a lock that is not held");
        return NULL;
    }
    hs_release_lock(self);
    Py_RETURN_NONE;
}

static PyObject *
lock_exit(HsLock *self, PyObject *const *Py_UNUSED(args), Py_ssize_t Py_UNUSED(count))
{
    return lock_release(self, NULL);
}

static PyMethodDef lock_methods[] = {
    {"acquire", (PyCFunction)(void (*)(void))lock_acquire, METH_FASTCALL, "Take the lock."},
    {"release", (PyCFunction)lock_release, METH_NOARGS, "Give it back."},
    {"__enter__", (PyCFunction)lock_enter, METH_NOARGS, "Take the lock."},
    {"__exit__", (PyCFunction)(void (*)(void))lock_exit, METH_FASTCALL, "Give it back."},
    {NULL, NULL, 0, NULL},
};

PyTypeObject HsLock_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "hindsight_core.RecorderLock",
    .tp_basicsize = sizeof(HsLock),
    .tp_dealloc = (destructor)lock_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = lock_methods,
    .tp_new = lock_new,
};
