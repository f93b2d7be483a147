/* Paths of effects.py in compiled form: access_paths.c makes and follows them. */
#ifndef HINDSIGHT_ACCESS_PATHS_H
#define HINDSIGHT_ACCESS_PATHS_H

#include "hindsight.h"

typedef enum {
    PATH_CONST,
    PATH_SLOT,      /* local, cell or free variable of a frame with slots */
    PATH_NAME,      /* locals mapping, then globals, then builtins */
    PATH_GLOBAL,    /* globals, then builtins */
    PATH_BUILTIN,
    PATH_ATTR,
    PATH_INHERITED, /* attribute of super() */
    PATH_ITEM,
    PATH_NEW,       /* "fresh" or "made" */
    PATH_MISSING,   /* cannot be followed */
    PATH_IN_PYTHON  /* only Python follows this one */
} PathKind;

typedef struct Path {
    PathKind kind;
    int slot;
    PyObject *name;     /* name or constant */
    PyObject *source;   /* the tuple that it was made from */
    struct Path *first;
    struct Path *second;
} Path;

/* What a path leads to: nothing (NULL), an object, or a method that was looked up without being
 * made (then `receiver` is not NULL). New references. */
typedef struct {
    PyObject *value;
    PyObject *receiver;
} Found;

static inline void
forget_found(Found *found)
{
    Py_CLEAR(found->value);
    Py_CLEAR(found->receiver);
}

/* A path of effects.py, or None: then NULL in *path. */
int hs_compile_path(PyObject *source, HsCodePlan *plan, Path **path);
void hs_free_path(Path *path);
/* Follows a path: 1 done, 0 ask Python, -1 failed. `path` may be NULL: leads to nothing. */
int hs_follow(const Path *path, HsFrameState *state, Found *found);

#endif
