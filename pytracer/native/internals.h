/* Where does CPython keep what the public API does not tell cheaply: the running frame, its
 * variables, its last instruction?
 *
 * This is the one place that names CPython's internals. Checked against 3.11.7, 3.12.1, 3.13.0,
 * 3.13.15, 3.14.8 and 3.15.0; `hs_check_internals` (frames.c) compares all of it with the public
 * API on a live frame before the module lets itself be loaded. */
#ifndef HINDSIGHT_INTERNALS_H
#define HINDSIGHT_INTERNALS_H

#ifndef Py_BUILD_CORE
#define Py_BUILD_CORE 1
#endif
#include <Python.h>
#if PY_VERSION_HEX < 0x030B0000 || PY_VERSION_HEX >= 0x03100000
#error "the native recorder is for CPython 3.11 to 3.15"
#endif
#ifdef Py_GIL_DISABLED
#error "the native recorder needs the GIL"
#endif

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#endif
#include <internal/pycore_code.h>
#include <internal/pycore_frame.h>
#if PY_VERSION_HEX >= 0x030E0000
#include <internal/pycore_interpframe.h>
#include <internal/pycore_stackref.h>
#endif
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

typedef struct _PyInterpreterFrame HsFrame;

static inline HsFrame *
hs_current_frame(PyThreadState *thread)
{
#if PY_VERSION_HEX >= 0x030D0000
    return thread->current_frame;
#else
    return thread->cframe->current_frame;
#endif
}

/* What `threading.get_ident` tells in this thread. */
static inline unsigned long
hs_thread_ident(PyThreadState *thread)
{
    return thread->thread_id;
}

/* The extra slots of a code object (codeobject.c's _PyCodeObjectExtra). */
typedef struct {
    Py_ssize_t count;
    void *at[1];
} HsCodeExtra;

/* What PyUnstable_Code_GetExtra tells, without the call. */
static inline void *
hs_code_extra(PyCodeObject *code, Py_ssize_t index)
{
    HsCodeExtra *extra = (HsCodeExtra *)code->co_extra;
    return extra != NULL && index < extra->count ? extra->at[index] : NULL;
}

/* The frame behind a frame object. */
static inline HsFrame *
hs_frame_of(PyFrameObject *object)
{
    return object->f_frame;
}

/* The code of a generator, coroutine or async generator: a new reference. */
static inline PyObject *
hs_generator_code(PyObject *generator)
{
#if PY_VERSION_HEX >= 0x030C0000
    return (PyObject *)PyGen_GetCode((PyGenObject *)generator);
#else
    return Py_NewRef(((PyGenObject *)generator)->gi_code);
#endif
}

/* The frame of a generator, coroutine or async generator that has not begun to run; else NULL. */
static inline HsFrame *
hs_unstarted_frame(PyObject *generator)
{
    PyGenObject *object = (PyGenObject *)generator;
    return object->gi_frame_state == FRAME_CREATED ? (HsFrame *)(void *)&object->gi_iframe : NULL;
}

/* Borrowed. Only of a frame that `hs_is_complete`. */
static inline PyCodeObject *
hs_frame_code(HsFrame *frame)
{
#if PY_VERSION_HEX >= 0x030E0000
    return (PyCodeObject *)PyStackRef_AsPyObjectBorrow(frame->f_executable);
#elif PY_VERSION_HEX >= 0x030D0000
    return (PyCodeObject *)frame->f_executable;
#else
    return frame->f_code;
#endif
}

/* The last instruction, in code units: `f_lasti` / 2. */
static inline int
hs_frame_lasti(HsFrame *frame)
{
    _Py_CODEUNIT *first = (_Py_CODEUNIT *)hs_frame_code(frame)->co_code_adaptive;
#if PY_VERSION_HEX >= 0x030D0000
    return (int)(frame->instr_ptr - first);
#else
    return (int)(frame->prev_instr - first);
#endif
}

/* False for the interpreter's own frames and for those that have not begun: `f_back` passes them
 * over. */
static inline int
hs_is_complete(HsFrame *frame)
{
#if PY_VERSION_HEX >= 0x030E0000
    if (frame->owner >= FRAME_OWNED_BY_INTERPRETER) {
        return 0;
    }
#elif PY_VERSION_HEX >= 0x030C0000
    if (frame->owner == FRAME_OWNED_BY_CSTACK) {
        return 0;
    }
#endif
    return frame->owner == FRAME_OWNED_BY_GENERATOR
           || hs_frame_lasti(frame) >= hs_frame_code(frame)->_co_firsttraceable;
}

/* `f_back`, without making a frame object; NULL at the outermost. */
static inline HsFrame *
hs_frame_back(HsFrame *frame)
{
    HsFrame *back = frame->previous;
    while (back != NULL && !hs_is_complete(back)) {
        back = back->previous;
    }
    return back;
}

/* What a slot holds: an object, a cell for cell and free variables, NULL. Borrowed. */
static inline PyObject *
hs_frame_slot(HsFrame *frame, int slot)
{
#if PY_VERSION_HEX >= 0x030E0000
    _PyStackRef found = frame->localsplus[slot];
    return PyStackRef_IsNull(found) ? NULL : PyStackRef_AsPyObjectBorrow(found);
#else
    return frame->localsplus[slot];
#endif
}

/* Borrowed. */
static inline PyObject *
hs_frame_globals(HsFrame *frame)
{
    return frame->f_globals;
}

/* The mapping of a module's or class body's names; NULL in functions. Borrowed. */
static inline PyObject *
hs_frame_names(HsFrame *frame)
{
    return frame->f_locals;
}

/* Number of slots, and the kind of each: CO_FAST_LOCAL, CO_FAST_CELL, CO_FAST_FREE, CO_FAST_HIDDEN. */
static inline int
hs_code_slots(PyCodeObject *code)
{
    return code->co_nlocalsplus;
}

static inline int
hs_code_slot_kind(PyCodeObject *code, int slot)
{
    return (unsigned char)PyBytes_AS_STRING(code->co_localspluskinds)[slot];
}

static inline PyObject *
hs_code_slot_name(PyCodeObject *code, int slot)
{
    return PyTuple_GET_ITEM(code->co_localsplusnames, slot);
}

#define HS_SLOT_IS_CELL (CO_FAST_CELL | CO_FAST_FREE)

#endif
