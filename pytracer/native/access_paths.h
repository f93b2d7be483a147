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

/* How an attribute of objects of one type is read. */
typedef enum {
    READ_ASK,       /* not at a glance */
    READ_NOTHING,   /* a property or the like: leads to nothing */
    READ_SLOT,      /* of `__slots__` */
    READ_INSTANCE   /* the instance's own, else what its class has */
} Reading;

/* What was found out about a path when it was last followed (peek.c). */
typedef struct {
    PyTypeObject *type;         /* of the owner; not kept alive: `type_version` is never given twice */
    PyTypeObject *after;        /* PATH_INHERITED: the class behind which it was looked for */
    unsigned int type_version;
    Reading reading;
    PyObject *member;           /* what the class has; lives as long as the version is the same */
    int is_method;              /* `member` is a function that becomes a method */
    Py_ssize_t offset;          /* of a slot */
    Py_ssize_t index;           /* where instances of this type had it last */
    uint32_t globals_version;   /* of the names of the globals and builtins */
    uint32_t builtins_version;
    Py_ssize_t global_place;
    Py_ssize_t builtin_place;
    /* The type of the value that was last seen to be passive (quick_changes.c). */
    PyTypeObject *passive_type;
    unsigned int passive_version;
    Py_ssize_t passive_count;   /* of the modules that were recorded then */
} Memory;

typedef struct Path {
    PathKind kind;
    int slot;
    PyObject *name;     /* name or constant */
    PyObject *source;   /* the tuple that it was made from */
    struct Path *first;
    struct Path *second;
    Memory memory;
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

/* Does a class's member become a method when it is looked up in an instance? */
static inline int
hs_is_method(PyObject *member)
{
    PyTypeObject *type = Py_TYPE(member);
    return type == &PyFunction_Type || type == &PyMethodDescr_Type
           || type == &PyWrapperDescr_Type;
}

/* The method that `super()` finds behind a class in the order of a type: borrowed, NULL for none. */
PyObject *hs_inherited_method(PyTypeObject *cls, PyTypeObject *type, PyObject *name);

/* A path of effects.py, or None: then NULL in *path. */
int hs_compile_path(PyObject *source, HsCodePlan *plan, Path **path);
void hs_free_path(Path *path);
/* Follows a path: 1 done, 0 ask Python, -1 failed. `path` may be NULL: leads to nothing. */
int hs_follow(const Path *path, HsFrameState *state, Found *found);

#endif
