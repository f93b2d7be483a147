/* Who holds the recorder?
 *
 * A lock as threading's RLock, whose owner C can read: the interpreter's own lock (GIL) guards its
 * fields, so that taking it when it is free costs two stores. */
#include "hindsight.h"

static PyObject *
lock_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwargs))
{
    HsLock *self = (HsLock *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->wait = PyThread_allocate_lock();
    if (self->wait == NULL) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    /* Held from the start: who wants to sleep tries to take it. */
    PyThread_acquire_lock(self->wait, NOWAIT_LOCK);
    return (PyObject *)self;
}

static void
lock_dealloc(HsLock *self)
{
    if (self->wait != NULL) {
        PyThread_free_lock(self->wait);
    }
    Py_TYPE(self)->tp_free(self);
}

/* Sleeps until the lock is free; -1 when a signal's handler raised. */
static int
wait_for_it(HsLock *self)
{
    while (self->owner != 0) {
        PyLockStatus status;
        self->waiters++;
        Py_BEGIN_ALLOW_THREADS
        status = PyThread_acquire_lock_timed(self->wait, -1, 1);
        Py_END_ALLOW_THREADS
        self->waiters--;
        if (status == PY_LOCK_ACQUIRED) {
            self->woken = 0;
        }
        else if (status == PY_LOCK_INTR && Py_MakePendingCalls() < 0) {
            return -1;
        }
    }
    return 0;
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
        if (wait_for_it(self) < 0) {
            return -1;
        }
    }
    self->owner = me;
    self->count = 1;
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
