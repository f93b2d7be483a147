/* How is a block sealed while the program goes on?
 *
 * By a thread that lives as long as it takes: it copies the block out of its mapped tail, deflates
 * it and writes the frame. It touches no object of Python, takes no signal, and has an end before
 * the next one begins, so that a fork finds none. What it could not write stays in the tail, and
 * `join` says so: then wire.LogWriter writes it on the program's thread, and meets the error there. */
#include "hindsight.h"

#ifdef _WIN32
#include <io.h>
#include <process.h>
#include <windows.h>
#else
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#endif
#ifdef __linux__
#include <sched.h>
#include <sys/syscall.h>
#endif

/* FORMAT.md, sections 2, 4 and 7. */
enum { TAIL_DATA = 64, HEADER = 48, SECTIONS = 12 };
enum { CODEC = 5, STORED_LENGTH = 12, PAYLOAD_CRC = 20, HEADER_CRC = 44, DEFLATED = 1 };
enum { WORTH_DEFLATING = 64 };
/* Memory for larger blocks is not kept. */
enum { MAX_KEPT = 4 * 1024 * 1024 };
enum { STACK = 512 * 1024 };

/* ---- The file: the descriptor may be closed by the program, and its number be another file's ---- */

#ifdef _WIN32
typedef struct {
    HANDLE handle;
    BY_HANDLE_FILE_INFORMATION identity;
} File;

static int
find_file(File *file, int descriptor)
{
    file->handle = (HANDLE)_get_osfhandle(descriptor);
    return GetFileInformationByHandle(file->handle, &file->identity) != 0;
}

static int
is_still(const File *file)
{
    BY_HANDLE_FILE_INFORMATION now;
    return GetFileInformationByHandle(file->handle, &now) != 0
           && now.dwVolumeSerialNumber == file->identity.dwVolumeSerialNumber
           && now.nFileIndexHigh == file->identity.nFileIndexHigh
           && now.nFileIndexLow == file->identity.nFileIndexLow;
}

/* How many bytes were written; none on failure. */
static size_t
write_at(const File *file, const uint8_t *from, size_t length, uint64_t offset)
{
    OVERLAPPED place = {.Offset = (DWORD)offset, .OffsetHigh = (DWORD)(offset >> 32)};
    DWORD written = 0;
    return WriteFile(file->handle, from, (DWORD)length, &written, &place) ? written : 0;
}
#else
typedef struct {
    int descriptor;
    struct stat identity;
} File;

static int
find_file(File *file, int descriptor)
{
    file->descriptor = descriptor;
    return fstat(descriptor, &file->identity) == 0;
}

static int
is_still(const File *file)
{
    struct stat now;
    return fstat(file->descriptor, &now) == 0 && now.st_dev == file->identity.st_dev
           && now.st_ino == file->identity.st_ino;
}

/* How many bytes were written; none on failure. */
static size_t
write_at(const File *file, const uint8_t *from, size_t length, uint64_t offset)
{
    ssize_t written;
    do {
        written = pwrite(file->descriptor, from, length, (off_t)offset);
    } while (written < 0 && errno == EINTR);
    return written < 0 ? 0 : (size_t)written;
}
#endif

/* ---- One block ---- */

#ifdef _WIN32
typedef HANDLE Thread;
#else
typedef pthread_t Thread;
#endif

typedef struct {
    PyObject_HEAD
    Py_buffer tail;         /* held while a block is being sealed; its `obj` tells whether one is */
    Thread thread;
    int process;            /* that has the thread: a forked child has none */
#ifdef __linux__
    long number;            /* of the last thread, for the kernel; 0 before the first one */
#endif
    File file;
    uint64_t offset;
    size_t sections_end;    /* keyframe and events end here in the tail */
    size_t directory_length;
    uint8_t *raw;           /* payload */
    size_t raw_room, raw_length;
    uint8_t *frame;
    size_t frame_room, frame_length;
    void *work;             /* what deflate works with */
    int is_written;
    double waited;          /* seconds, for the last block */
    atomic_int is_done;
} HsSealer;

static void
put_u32(uint8_t *to, size_t value)
{
    for (int place = 0; place < 4; place++) {
        to[place] = (uint8_t)(value >> (8 * place));
    }
}

static void
encode(HsSealer *self)
{
    const uint8_t *tail = self->tail.buf;
    memcpy(self->raw + SECTIONS, tail + TAIL_DATA, self->sections_end - TAIL_DATA);
    uint8_t *payload = self->frame + HEADER;
    size_t length = self->raw_length > WORTH_DEFLATING
                        ? hs_deflate_into(self->work, self->raw, self->raw_length, payload)
                        : 0;
    self->frame[CODEC] = length > 0 ? DEFLATED : 0;
    if (length == 0) {
        length = self->raw_length;
        memcpy(payload, self->raw, length);
    }
    put_u32(self->frame + STORED_LENGTH, length);
    put_u32(self->frame + PAYLOAD_CRC, hs_crc32(payload, length));
    put_u32(self->frame + HEADER_CRC, hs_crc32(self->frame, HEADER_CRC));
    self->frame_length = HEADER + length;
}

static void
write_frame(HsSealer *self)
{
    size_t done = 0;
    while (done < self->frame_length && is_still(&self->file)) {
        size_t written = write_at(&self->file, self->frame + done, self->frame_length - done,
                                  self->offset + done);
        if (written == 0) {
            break;
        }
        done += written;
    }
    self->is_written = done == self->frame_length;
}

#ifdef _WIN32
static unsigned __stdcall
#else
static void *
#endif
seal_block(void *argument)
{
    HsSealer *self = argument;
#ifdef __linux__
    self->number = syscall(SYS_gettid);
#endif
    encode(self);
    write_frame(self);
    atomic_store(&self->is_done, 1);
    return 0;
}

/* ---- The thread ---- */

#ifdef _WIN32
static int
this_process(void)
{
    return (int)GetCurrentProcessId();
}

static int
start_thread(HsSealer *self)
{
    self->thread = (HANDLE)_beginthreadex(NULL, STACK, seal_block, self, 0, NULL);
    return self->thread != NULL;
}

static void
join_thread(HsSealer *self)
{
    WaitForSingleObject(self->thread, INFINITE);
    CloseHandle(self->thread);
}

static double
seconds_now(void)
{
    return (double)GetTickCount64() * 1e-3;
}
#else
static int
this_process(void)
{
    return (int)getpid();
}

static int
start_thread(HsSealer *self)
{
    sigset_t all, before;
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) {
        return 0;
    }
    pthread_attr_setstacksize(&attributes, STACK);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&self->thread, &attributes, seal_block, self);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return !failed;
}

static void
join_thread(HsSealer *self)
{
    pthread_join(self->thread, NULL);
}

static double
seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}
#endif

/* A joined thread has done its work, but the kernel may still count it for a moment, and os.fork
 * would warn of it. */
static void
await_end(HsSealer *self)
{
#ifdef __linux__
    for (int times = 0; self->number != 0 && times < 10000; times++) {
        if (syscall(SYS_tgkill, getpid(), self->number, 0) != 0) {
            break;
        }
        if (times < 100) {
            sched_yield();
        }
        else {
            usleep(100);
        }
    }
    self->number = 0;
#else
    (void)self;
#endif
}

/* ---- The object ---- */

static int
make_room(uint8_t **memory, size_t *room, size_t needed)
{
    if (*room < needed || *room > MAX_KEPT) {
        PyMem_RawFree(*memory);
        /* Some more, so that the next block fits as well. */
        *room = needed + needed / 4;
        *memory = PyMem_RawMalloc(*room);
        if (*memory == NULL) {
            *room = 0;
            return 0;
        }
    }
    return 1;
}

static int
prepare(HsSealer *self, const Py_buffer *header, const Py_buffer *directory,
        Py_ssize_t events_start, Py_ssize_t end)
{
    self->sections_end = (size_t)end;
    self->directory_length = (size_t)directory->len;
    self->raw_length = SECTIONS + (size_t)(end - TAIL_DATA) + (size_t)directory->len;
    if (self->work == NULL) {
        self->work = PyMem_RawMalloc(hs_deflate_room());
    }
    if (self->work == NULL || self->raw_length > INT32_MAX
        || !make_room(&self->raw, &self->raw_room, self->raw_length)
        || !make_room(&self->frame, &self->frame_room, HEADER + self->raw_length + 8)) {
        return 0;
    }
    memcpy(self->frame, header->buf, HEADER);
    put_u32(self->raw, (size_t)(events_start - TAIL_DATA));
    put_u32(self->raw + 4, (size_t)(end - events_start));
    put_u32(self->raw + 8, (size_t)directory->len);
    memcpy(self->raw + self->raw_length - directory->len, directory->buf, (size_t)directory->len);
    return 1;
}

/* begin(descriptor, offset, header, tail, events_start, end, directory) -> bool */
static PyObject *
sealer_begin(HsSealer *self, PyObject *args)
{
    int descriptor;
    unsigned long long offset;
    Py_ssize_t events_start, end;
    PyObject *tail;
    Py_buffer header, directory;
    if (!PyArg_ParseTuple(args, "iKy*Onny*", &descriptor, &offset, &header, &tail, &events_start,
                          &end, &directory)) {
        return NULL;
    }
    PyObject *begun = NULL;
    if (self->tail.obj != NULL || header.len != HEADER) {
        PyErr_SetString(PyExc_ValueError, "a block is being sealed, or the header is not one");
    }
    else if (PyObject_GetBuffer(tail, &self->tail, PyBUF_SIMPLE) == 0) {
        if (events_start < TAIL_DATA || end < events_start || end > self->tail.len) {
            PyErr_SetString(PyExc_ValueError, "the block is not inside its tail");
        }
        else {
            self->offset = offset;
            self->is_written = 0;
            self->waited = 0;
            atomic_store(&self->is_done, 0);
            self->process = this_process();
            int is_begun = prepare(self, &header, &directory, events_start, end)
                           && find_file(&self->file, descriptor) && start_thread(self);
            begun = PyBool_FromLong(is_begun);
        }
        if (begun != Py_True) {
            PyBuffer_Release(&self->tail);
        }
    }
    PyBuffer_Release(&header);
    PyBuffer_Release(&directory);
    return begun;
}

/* Ends what was begun, if that was not done. A forked child has no thread. */
static void
join(HsSealer *self)
{
    if (self->tail.obj == NULL) {
        return;
    }
    if (self->process == this_process()) {
        int has_to_wait = !atomic_load(&self->is_done);
        double began = seconds_now();
        Py_BEGIN_ALLOW_THREADS
        join_thread(self);
        self->waited = has_to_wait ? seconds_now() - began : 0;
        Py_END_ALLOW_THREADS
    }
    PyBuffer_Release(&self->tail);
}

/* join() -> (is written, length of the frame, seconds that had to be waited for): of the last block
 * that was begun, however often it is asked for. */
static PyObject *
sealer_join(HsSealer *self, PyObject *Py_UNUSED(ignored))
{
    join(self);
    return Py_BuildValue("Nnd", PyBool_FromLong(self->is_written), (Py_ssize_t)self->frame_length,
                         self->waited);
}

/* await_end(): after `join`, until the system does not count the thread any more */
static PyObject *
sealer_await_end(HsSealer *self, PyObject *Py_UNUSED(ignored))
{
    Py_BEGIN_ALLOW_THREADS
    await_end(self);
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

/* frame() -> bytes: the last block's, after `join` */
static PyObject *
sealer_frame(HsSealer *self, PyObject *Py_UNUSED(ignored))
{
    if (self->tail.obj != NULL) {
        PyErr_SetString(PyExc_ValueError, "the block is being sealed");
        return NULL;
    }
    return PyBytes_FromStringAndSize((const char *)self->frame, (Py_ssize_t)self->frame_length);
}

static void
sealer_dealloc(HsSealer *self)
{
    join(self);
    PyMem_RawFree(self->raw);
    PyMem_RawFree(self->frame);
    PyMem_RawFree(self->work);
    Py_TYPE(self)->tp_free(self);
}

static PyMethodDef sealer_methods[] = {
    {"begin", (PyCFunction)sealer_begin, METH_VARARGS, "Seal a block in a thread, if there can be."},
    {"join", (PyCFunction)sealer_join, METH_NOARGS, "Wait for it."},
    {"await_end", (PyCFunction)sealer_await_end, METH_NOARGS, "Wait until nobody counts it."},
    {"frame", (PyCFunction)sealer_frame, METH_NOARGS, "Return the frame that it made."},
    {NULL, NULL, 0, NULL},
};

PyTypeObject HsSealer_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "hindsight_core.Sealer",
    .tp_basicsize = sizeof(HsSealer),
    .tp_dealloc = (destructor)sealer_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = sealer_methods,
    .tp_new = PyType_GenericNew,
};
