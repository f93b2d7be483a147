/* The effects of a line (effects.LineEffects) in compiled form: line_effects.c makes them. */
#ifndef HINDSIGHT_LINE_EFFECTS_H
#define HINDSIGHT_LINE_EFFECTS_H

#include "access_paths.h"

/* What a callable changes: the numbers of builtin_effects.py. */
enum { EFFECT_PURE = 1, EFFECT_FIRST, EFFECT_UNKNOWN, EFFECT_UNKNOWN_C };

typedef struct {
    Path **at;
    Py_ssize_t count;
} Paths;

typedef enum { STORE_OTHER, STORE_ATTR, STORE_ITEM } StoreKind;

/* What is stored into, or the left operand of an in-place operator. */
typedef struct {
    Path *target;
    Path *key;      /* of STORE_ITEM */
    PyObject *name; /* of STORE_ATTR */
    StoreKind kind;
    int is_exact;   /* STORE_ITEM: the key is the same after the line */
    HsAttrSeen seen;    /* of STORE_ATTR (compare.c) */
} StorePlan;

typedef struct {
    Path *callee;
    Path *receiver;
    Paths args;
    int complete;
    int has_site;
    int is_made;    /* the callee is made by this line */
    PyObject *source;   /* effects.Call: borrowed of the line's effects */
    /* The function in C that was called last, its effect, and which piece it changes
     * (quick_changes.c). */
    PyObject *builtin;
    int builtin_effect;
    int builtin_piece;
    /* The builtin type that was called last, and whether it calls its first argument. */
    PyTypeObject *pure_type;
    int calls_first;
    /* The class that was called last and has nothing to say (quick_changes.c), by its version. */
    PyTypeObject *quiet_class;
    unsigned int quiet_version;
} CallPlan;

/* What a line waits for: what a call of `path` has returned, or what `path` leads to. */
typedef struct {
    Path *path;
    int is_result;
} AwaitPlan;

typedef struct Effects {
    StorePlan *stores;
    Py_ssize_t store_count;
    Paths operands;
    Paths roots;
    CallPlan *calls;
    Py_ssize_t call_count;
    AwaitPlan *awaits;
    Py_ssize_t await_count;
    int anonymous;
    int runs_code;
    int rebinds;
    /* When all that is looked at are these slots of the frame, and they hold scalars, nothing else
     * has changed; -1 slots: it is not so simple. */
    int scalar_count;
    int *scalar_slots;
    int declined;   /* when it last ran, it was no matter of a glance */
    int in_python;  /* only Python knows what such a line does: it makes classes */
} Effects;

/* Does a path lead to the same object before and after a line that stores none of its names? */
static inline int
hs_stays(const Path *path)
{
    return path != NULL
           && (path->kind == PATH_SLOT || path->kind == PATH_CONST || path->kind == PATH_GLOBAL
               || path->kind == PATH_BUILTIN);
}

/* May an argument be a function that changes what it is called with? Classes make new objects. */
static inline int
hs_may_act(PyObject *value)
{
    return Py_TYPE(value)->tp_call != NULL && !PyType_Check(value);
}

/* builtin_effects.calls_first (line_changes.c): is the first argument a function for the others? */
int hs_calls_first(PyTypeObject *type);

Effects *hs_compile_effects(HsLinePlan *line, HsCodePlan *plan);

/* The effects of a line, made when they are first asked for; NULL with an exception on failure. */
static inline Effects *
hs_effects_of(HsLinePlan *line, HsCodePlan *plan)
{
    return line->compiled != NULL ? line->compiled : hs_compile_effects(line, plan);
}

/* Is a glance (hs_quick_after) likely to be enough? */
static inline int
hs_is_common(const Effects *effects)
{
    return effects != NULL && !effects->declined;
}

/* Have only scalars been worked with? */
static inline int
hs_only_scalars(Effects *effects, HsFrameState *state)
{
    PyObject **values = ((PyListObject *)state->values)->ob_item;
    for (int place = 0; place < effects->scalar_count; place++) {
        if (!hs_is_scalar(values[effects->scalar_slots[place]])) {
            return 0;
        }
    }
    return effects->scalar_count >= 0;
}

/* Is an object of this type a generator or coroutine? */
static inline int
hs_is_suspendable(PyTypeObject *type)
{
    return type == &PyGen_Type || type == &PyCoro_Type || type == &PyAsyncGen_Type;
}

/* Does a call of a function with these flags make a coroutine or generator? */
static inline int
hs_makes_suspended(PyObject *function)
{
    PyCodeObject *code = (PyCodeObject *)((PyFunctionObject *)function)->func_code;
    return (code->co_flags & (CO_GENERATOR | CO_COROUTINE)) != 0;
}

/* quick_changes.c: 1 done, 0 it cannot be seen at a glance and nothing was changed, -1 failed. */
int hs_quick_after(HsRecorder *recorder, HsFrameState *state, Effects *effects);
/* The same without the lock, and without anything that can fail. What has changed is in the buffer. */
typedef enum {
    HS_SEEN_NOT,    /* it cannot be seen at a glance, and nothing was changed */
    HS_SEEN,        /* the rest of what was seen is for `hs_compare_seen`, before anything runs */
    HS_SEEN_ALL
} HsSeen;
HsSeen hs_see_at_once(HsRecorder *recorder, HsFrameState *state, Effects *effects);
int hs_compare_seen(HsRecorder *recorder);
/* Has a line that is about to run nothing that must be found before it? */
int hs_nothing_before(HsRecorder *recorder, HsFrameState *state, Effects *effects);
/* The same as hs_quick_after before a line; what it can change is in *found: a new reference. */
int hs_quick_before(HsRecorder *recorder, HsFrameState *state, Effects *effects,
                    PyObject **found);

#endif
