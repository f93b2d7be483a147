/* What do the parts of the native recorder share: structs, buffers, contracts?
 *
 * The Python classes (objects.Entry, frames.FrameState ...) derive from the types whose structs
 * stand here, so both languages read and write the same fields. A field of type PyObject * may be
 * NULL where Python reads None; what Python stores as None is Py_None: ask `hs_is`.
 *
 * Conventions: functions that can fail return -1 or NULL with an exception set; 0 and a reference
 * otherwise. Appending to a buffer cannot fail at once: lack of memory is kept in the buffer and
 * told by `hs_commit`. "New" references are the caller's, "borrowed" ones are not. */
#ifndef HINDSIGHT_H
#define HINDSIGHT_H

#define PY_SSIZE_T_CLEAN
#ifndef Py_BUILD_CORE
#define Py_BUILD_CORE 1
#endif
#include <Python.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if PY_VERSION_HEX < 0x030C0000
#include <structmember.h>
#define Py_T_OBJECT T_OBJECT
#define Py_T_OBJECT_EX T_OBJECT_EX
#define Py_T_LONGLONG T_LONGLONG
#define Py_T_ULONGLONG T_ULONGLONG
#define Py_T_INT T_INT
#define Py_T_BOOL T_BOOL
#define Py_T_DOUBLE T_DOUBLE
#define Py_READONLY READONLY
#define _Py_T_OBJECT T_OBJECT
#endif
#ifndef _Py_T_OBJECT
#define _Py_T_OBJECT 6
#endif

/* What is rarely called: kept away from what runs all the time, as is all that only leads there. */
#if defined(__GNUC__)
#define HS_RARE __attribute__((cold, noinline))
#else
#define HS_RARE Py_NO_INLINE
#endif

/* The numbers of FORMAT.md, sections 4 to 6. */
enum {
    OP_LINE_AT = 0x01, OP_CALL, OP_RETURN, OP_YIELD, OP_RESUME, OP_THROW, OP_UNWIND, OP_RAISE,
    OP_HANDLED, OP_WRITE, OP_DELETE, OP_WRITE_IN, OP_FRAME, OP_THREAD, OP_THREAD_START,
    OP_THREAD_END, OP_NEW, OP_CONTENTS, OP_ITEM_SET, OP_APPEND, OP_SPLICE, OP_LENGTH, OP_ATTR_SET,
    OP_ATTR_DEL, OP_BYTES_SPLICE, OP_TYPE, OP_UNKNOWN, OP_KNOWN, OP_DEAD, OP_OUTPUT, OP_GAP,
    OP_END, OP_CHILD, OP_EVALUATE, OP_GENERATOR, OP_DROPPED, OP_CELL_SET, OP_CLASS
};
enum {
    V_UNBOUND, V_NONE, V_FALSE, V_TRUE, V_INT, V_BIGINT, V_FLOAT, V_COMPLEX, V_STR, V_STR_CUT,
    V_BYTES, V_BYTES_CUT, V_OBJECT, V_ELLIPSIS, V_NOT_IMPLEMENTED, V_NOT_RECORDED, V_BLOB,
    V_INT_CUT
};
enum {
    K_LIST = 1, K_TUPLE, K_DICT, K_SET, K_FROZENSET, K_DEQUE, K_BYTEARRAY, K_RANGE, K_INSTANCE,
    K_CELL, K_NAMESPACE, K_CLASS, K_MODULE, K_FUNCTION, K_GENERATOR, K_COROUTINE,
    K_ASYNC_GENERATOR, K_SCALAR, K_EXCEPTION, K_OPAQUE, K_METHOD, K_SLICE, K_ARRAY,
    K_REPR
};
enum {
    PART_ITEMS = 1, PART_ATTRS = 2, PART_TEXT = 4, PART_VALUE = 8, PART_BYTES = 16, PART_CLASS = 32,
    PART_NAME = 64
};
enum { WHY_CHANGED = 0, WHY_CHECKPOINT = 1 };
enum { HS_MAX_STEPS = 16384, HS_MAX_EVENTS = 48000, HS_MAX_RAW = 512 * 1024 };
enum { HS_MOST_TARGETS = 8 };
enum { HS_MAX_TABLE_STRING = 128, HS_TAIL_ATTENTION = 28, HS_TAIL_EVENTS_LENGTH = 44 };

/* ---- Events on their way into the log: `writer.buf` (buffer.c) ---- */

typedef struct {
    PyObject_HEAD
    uint8_t *bytes;         /* `own`, or else where they belong in the tail (hs_buffer_lend) */
    Py_ssize_t length;
    Py_ssize_t capacity;
    Py_ssize_t exports;
    uint8_t *own;
    Py_ssize_t own_capacity;
    /* There was no memory for something: what is here is not whole. */
    int failed;
} HsBuffer;

/* What is lent of a tail. */
enum { HS_LENT = 4096 };

/* Makes room for `more` bytes; returns where they go, or NULL (then `failed` is set). */
uint8_t *hs_buffer_grow(HsBuffer *buffer, Py_ssize_t more);
/* What comes into the empty buffer is put where it will belong: HS_LENT bytes of the tail from `to` on.
 * They are part of the log when its length says so. */
void hs_buffer_lend(HsBuffer *buffer, uint8_t *to);
/* The buffer keeps its bytes itself from now on. */
void hs_buffer_take_back(HsBuffer *buffer);

static inline uint8_t *
hs_room(HsBuffer *buffer, Py_ssize_t more)
{
    if (buffer->length + more <= buffer->capacity) {
        return buffer->bytes + buffer->length;
    }
    return hs_buffer_grow(buffer, more);
}

static inline void
hs_u8(HsBuffer *buffer, int byte)
{
    uint8_t *to = hs_room(buffer, 1);
    if (to != NULL) {
        *to = (uint8_t)byte;
        buffer->length++;
    }
}

static inline void
hs_bytes(HsBuffer *buffer, const void *from, Py_ssize_t length)
{
    uint8_t *to = hs_room(buffer, length);
    if (to != NULL) {
        memcpy(to, from, (size_t)length);
        buffer->length += length;
    }
}

static inline void
hs_uv(HsBuffer *buffer, uint64_t number)
{
    uint8_t *to = hs_room(buffer, 10);
    if (to == NULL) {
        return;
    }
    uint8_t *start = to;
    while (number > 0x7F) {
        *to++ = (uint8_t)(number & 0x7F) | 0x80;
        number >>= 7;
    }
    *to++ = (uint8_t)number;
    buffer->length += to - start;
}

static inline void
hs_sv(HsBuffer *buffer, int64_t number)
{
    hs_uv(buffer, number >= 0 ? (uint64_t)number * 2 : (uint64_t)(-(number + 1)) * 2 + 1);
}

static inline void
hs_double(HsBuffer *buffer, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    uint8_t *to = hs_room(buffer, 8);
    if (to == NULL) {
        return;
    }
    for (int place = 0; place < 8; place++) {
        to[place] = (uint8_t)(bits >> (8 * place));
    }
    buffer->length += 8;
}

/* ---- Tables from addresses to entries or frame states (id_map.c) ---- */

typedef struct {
    uintptr_t key;      /* 0: empty; 1: deleted */
    PyObject *value;    /* strong */
} HsMapCell;

typedef struct {
    PyObject_HEAD
    HsMapCell *cells;
    size_t mask;
    Py_ssize_t used;    /* live cells */
    Py_ssize_t filled;  /* live and deleted cells */
} HsIdMap;

static inline size_t
hs_hash_address(uintptr_t key)
{
    uint64_t mixed = (uint64_t)key * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(mixed >> 20);
}

/* Borrowed, or NULL (no exception) when there is none. */
static inline PyObject *
hs_map_get(HsIdMap *map, const void *address)
{
    uintptr_t key = (uintptr_t)address;
    size_t place = hs_hash_address(key) & map->mask;
    for (;;) {
        HsMapCell *cell = &map->cells[place];
        if (cell->key == key) {
            return cell->value;
        }
        if (cell->key == 0) {
            return NULL;
        }
        place = (place + 1) & map->mask;
    }
}

/* Puts a value (a new reference is taken) at an address. */
int hs_map_set(HsIdMap *map, const void *address, PyObject *value);
/* The same at an address where there is none. */
int hs_map_add(HsIdMap *map, const void *address, PyObject *value);
/* Takes a value out: new reference, or NULL (no exception) when there is none. */
PyObject *hs_map_pop(HsIdMap *map, const void *address);

/* ---- Fields of the Python classes (fields.c) ---- */

static inline int
hs_is(PyObject *field)
{
    return field != NULL && field != Py_None;
}

/* Replaces a field; takes over the reference `value` (which may be NULL). */
static inline void
hs_replace(PyObject **field, PyObject *value)
{
    PyObject *old = *field;
    *field = value;
    Py_XDECREF(old);
}

/* objects.Entry: one tracked object. The lists may be NULL while they are empty. First comes what a
 * walk looks at. */
typedef struct {
    PyObject_HEAD
    uint64_t key;           /* address of the object */
    uint64_t compared;      /* the last walk that compared it: walk.c */
    uint64_t queued;        /* the last walk that led to it */
    int kind;
    char alive;
    char own_class;
    char settled;           /* neither it can change nor anything to which it leads */
    char unknown;
    char mapped;            /* objects.by_id holds it: kept by id_map.c */
    char told;              /* its object tells its death: deaths.c; neither pin nor ref */
    char again;             /* objects.recompared holds it */
    char entered;           /* a walk has entered the shadow since it last changed */
    PyObject *layout;
    struct HsLinks *links;  /* where a walk goes on from the shadow: walk.c; NULL: not known */
    PyObject *items;        /* list: scalars, entries, UNBOUND ... */
    PyObject *attrs;        /* list */
    PyObject *attr_names;   /* list of str */
    int64_t total;
    int64_t attr_total;
    PyObject *value;
    uint64_t version;       /* of a dict or class when it was last compared; 0: not known */
    PyObject *pin;
    PyObject *ref;          /* weak reference that calls the entry, or NULL */
    PyObject *keys;         /* list; None for what is no mapping */
    int64_t oid;
    int64_t block;
    int hops;
    int changes;
    int watched;
    uint64_t mark;          /* the last collection of targets that it was part of */
    PyObject *home;         /* ObjectTable, while `ref` may call back */
    PyObject *guard;        /* in Python alone */
    PyObject *type_name;
    PyObject *index;        /* dict of name to place, for namespaces */
    PyObject *text;
    PyObject *content;      /* bytes */
    PyObject *cls;          /* of the object's class: what a shadow holds, or None */
} HsEntry;

/* A new one with nothing in it: NULL on failure. */
HsEntry *hs_empty_entry(void);

/* Takes what walk.c keeps of a shadow from an entry. */
void hs_free_links(HsEntry *entry);

/* Some entry is not what it was for the walks that lead to it. */
void hs_forget_all_links(void);

/* The shadow of an entry is about to change. */
static inline void
hs_forget_links(HsEntry *entry)
{
    entry->entered = 0;
    if (entry->links != NULL) {
        hs_free_links(entry);
    }
}

/* layouts.Layout: what instances of one type look like. */
typedef struct {
    PyObject_HEAD
    PyObject *ref;          /* weak reference to the type */
    PyObject *name;
    PyObject *get_dict;     /* bound `__get__` of the real `__dict__` descriptor, or None */
    PyObject *slots;        /* tuple of (name, bound `__get__` of a member descriptor) */
    PyObject *passive;      /* True, False or None: not known */
    PyObject *reader;       /* what reads arrays (the Python half), or None */
    int64_t passive_count;
    int kind;
    char changeable;
    char python_class;
    char names_class;       /* the log names the class itself */
    char hides;             /* keeps something in C that is not read */
    char holds_weakly;      /* loses parts, or calls back, when other objects die */
    char tells_all;         /* its objects refer to nothing but what their attributes are */
    /* Made from the above when C first asks (layouts.c). */
    char ready;
    char listed;            /* the type is one of line_changes' passive ones */
    char tells;             /* its objects tell their death: deaths.c */
    getter dict_getter;     /* NULL: no `__dict__`, or a member */
    PyMemberDef *dict_member;
    void *dict_closure;
    char distinct;          /* no two slots have one name */
    Py_ssize_t slot_count;
    PyMemberDef **members;  /* of each slot; NULL where the type in C has a getter for it */
} HsLayout;

/* A row of numbers that Python sees as a sequence: FrameState.written. */
typedef struct {
    PyObject_VAR_HEAD
    int64_t at[1];
} HsNumbers;
PyObject *hs_numbers_new(Py_ssize_t count);

/* frames.LinePlan: what a line can change. */
typedef struct {
    PyObject_HEAD
    PyObject *effects;      /* effects.LineEffects */
    PyObject *slots;        /* tuple of (slot, name) */
    PyObject *derefs;       /* tuple of str */
    PyObject *single;
    PyObject *resizes;      /* tuple of paths: arrays that it may resize (Python does the line) */
    char active;
    char twice;
    /* Made from the above when the line first runs here (line_plans in frames.c). */
    char ready;
    char simple;            /* it stores variables of its own frame and nothing else */
    char stores_any;        /* effects.names or effects.globals has "*" */
    int slot_count;
    int *slot_at;           /* the slots alone */
    PyObject *names;        /* effects.names, a tuple */
    PyObject *globals;      /* effects.globals, a tuple */
    /* For line_changes.c: its compiled form of the effects, and how to free it. */
    void *compiled;
    void (*free_compiled)(void *);
} HsLinePlan;

/* frames.CodePlan: what the recorder needs of a code object. */
typedef struct HsFrameState HsFrameState;
typedef struct {
    PyObject_HEAD
    PyObject *wrapper;
    PyObject *filename;
    PyObject *slots;        /* tuple of str */
    PyObject *slot_of;      /* dict */
    PyObject *cells;        /* frozenset of str */
    PyObject *lines;        /* dict of int to LinePlan or None */
    PyObject *sites;        /* dict of byte offset to Call, or None */
    int64_t code_id;
    int64_t file_number;    /* the file that it was sent to: HsWriter.file_number */
    int64_t argument_count;
    int64_t slot_count;
    char recorded;
    char fast;
    char suspends;
    char free;
    char sees_calls;
    /* HsControl.version when its file had no breakpoint on a line, it had none on entry, on return. */
    int64_t no_lines;
    int64_t no_entry;
    int64_t no_return;
    /* Filled by `hs_attach` (frames.c). */
    char attached;          /* C serves the frames of this code */
    char has_cells;
    int64_t globals_seen;   /* number of the globals that LineChanges was told of last, plus one */
    PyObject *bytecode;     /* bytes without instrumentation */
    int first_line;
    int line_count;
    PyObject **line_plans;  /* by line - first_line: NULL not made, Py_None nothing, HsLinePlan */
    int *line_of;           /* line of each code unit, once a jump has asked; -1 for none */
    int unit_count;
    uint64_t recording;     /* of HsRecorder.recording: whose plan it is */
    HsFrameState *spare;    /* states to use again, linked by `next` */
    int spares;
} HsCodePlan;

/* frames.ThreadState. */
typedef struct {
    PyObject_HEAD
    uint64_t ident;
    int64_t number;
    PyObject *name;
    PyObject *stack;        /* list of FrameStates, outermost first */
    PyObject *returned;
} HsThread;

/* frames.SeenCall: one execution of a call that no path tells. */
typedef struct {
    PyObject_HEAD
    PyObject *call;         /* effects.Call */
    uint64_t place;         /* address of what it may change; 0: nothing */
    PyObject *changed;      /* its entry, or its instance's, or None */
    PyObject *given;        /* entries, in a row: what it was given and may change */
    char known;
    char quiet;
} HsSeenCall;

/* frames.FrameState: one activation. */
struct HsFrameState {
    PyObject_HEAD
    int64_t number;
    uint64_t frame_id;      /* address of the interpreter's frame: core.frame_key */
    int64_t offset;
    int64_t step1;
    int64_t block;
    int64_t lasti;
    PyObject *plan;         /* CodePlan */
    PyObject *thread;       /* ThreadState */
    PyObject *values;       /* list, one for each slot */
    PyObject *written;      /* HsNumbers */
    PyObject *globals;      /* Entry or None */
    PyObject *locals;       /* Entry or None */
    PyObject *running;      /* LinePlan or None */
    PyObject *before;       /* list of entries */
    PyObject *calls;        /* list of SeenCall; NULL while it is empty */
    int64_t noted;          /* the block that was told of it last: note_block_frame */
    const void *noted_in;   /* the dict that was told */
    char fresh;
    char raised;
    char full;
    HsFrameState *next;     /* while it is a spare */
};

/* ---- wire.LogWriter, objects.ObjectTable, recorder.Recorder and their like ---- */

enum { HS_TEXTS = 128 };
typedef struct {
    PyObject *text;         /* strong; only interned ones, which `+=` never extends in place */
    int64_t block;
    uint64_t place;
} HsText;

typedef struct {
    PyObject_HEAD
    PyObject *buf;          /* HsBuffer */
    PyObject *strings;      /* dict: the block's string table */
    PyObject *tail;         /* mmap or None: the tail that is written to */
    uint8_t *memory;        /* of the tail; NULL when there is none */
    Py_ssize_t memory_length;
    PyObject *bell;         /* mmap or None: the tail in which the debugger rings */
    uint8_t *attention;     /* its byte for that; NULL when there is none */
    int64_t block;
    int64_t step;
    int64_t file_number;    /* files begun so far */
    int64_t end;
    int64_t events_start;
    int64_t capacity;
    int64_t block_steps;
    int64_t block_events;
    double block_began;
    double clock_read;
    int64_t raised_limit;
    char failed;
    int64_t block_number_seen;  /* number of the block whose start was noted, plus one */
    int64_t clock_due;      /* events of the block when the clock is read again */
    int patience;           /* events from one time to the next */
    /* hs_move_quickly: as long as the block ends before, and has fewer events, there is nothing else to
     * be looked at. Both 0 whenever Python has written to any field. */
    int64_t quick_end;
    int64_t quick_events;
    /* Places in `strings` of texts that are in the log for good (values.c). */
    HsText texts[HS_TEXTS];
    int64_t texts_block;    /* block in which `texts_in_log` was counted */
    int64_t texts_in_log;
    int new_texts;          /* were put at a glance, and are not counted in `texts_in_log` */
} HsWriter;

/* An object in the directory of a block: how many blocks back is the one before. */
typedef struct {
    int64_t oid;
    int64_t back;
} HsTouched;

/* objects.ObjectTable. */
typedef struct {
    PyObject_HEAD
    PyObject *writer;       /* LogWriter */
    PyObject *encoder;      /* values.ValueEncoder */
    PyObject *by_id;        /* HsIdMap of Entry */
    PyObject *owners;       /* dict: id of an instance dict to its instance's Entry */
    PyObject *touched;      /* dict: what Python puts there, and C of an object that has its place */
    HsTouched *touched_at;  /* what was touched in the block first by C */
    Py_ssize_t touched_count;
    Py_ssize_t touched_room;
    PyObject *dead;         /* list of _EntryRef whose object died */
    PyObject *suspects;     /* list of Entry */
    PyObject *pinned;       /* dict of oid to Entry */
    PyObject *recompared;   /* dict of oid to Entry */
    PyObject *cells;        /* dict of name to dict of oid to Entry */
    PyObject *generators;   /* dict of frame key to Entry */
    PyObject *by_frame;     /* dict of frame number to Entry */
    PyObject *queue;        /* list of Entry */
    PyObject *made_now;     /* list of Entry */
    PyObject *changed_now;  /* list of (Entry, bool) */
    PyObject *dead_now;     /* list of Entry */
    PyObject *own_modules;  /* set of str */
    PyObject *weak_containers;  /* list of Entry */
    PyObject *watches;      /* watches.Watches or None: to be told of each change */
    int64_t events;         /* in the writer's buffer */
    int64_t next;           /* next object number */
    int64_t pins;           /* how many objects have been pinned */
    int64_t room;
    int64_t max_items;
    int64_t max_bytes;
    char any_unknown;
    char has_default_dicts;
    char uncommitted;       /* something was put into `made_now`, ... at a glance */
    int seen_count;         /* changed at a glance (at_once.c), and not in `changed_now` */
    HsEntry *seen[HS_MOST_TARGETS];     /* borrowed: good until anything runs */
    Py_ssize_t short_length;    /* longer str and bytes are LongText: read from the encoder; 0: not yet */
} HsObjects;

/* control.Control: at which events the debugger must be asked. */
enum { HS_LINE_WORDS = 4 };
typedef struct {
    PyObject_HEAD
    char quiet;             /* 0: at all of them; else when its bell rings, and as the rest says */
    char at_entries;        /* first steps of frames */
    char at_returns;
    char at_raises;
    char at_unwinds;        /* that of an outermost frame is never done here */
    char at_steps;          /* of the frame `at_frame` */
    uint64_t at_frame;      /* all other events of this frame, by FrameState.frame_id; 0: of none */
    int64_t version;        /* of its breakpoints: another number whenever they are set */
    PyObject *lines;        /* set of the lines with breakpoints, of all files */
    uint64_t near[HS_LINE_WORDS];   /* a bit for each of them: their last 8 bits */
} HsControl;

/* Is there a breakpoint on a line of this number? (fields.c) */
int hs_has_line(HsControl *control, long line);

/* watches.Watches: what the debugger wants to know the changes of. */
enum { HS_MOST_WATCHED = 8 };
typedef struct {
    PyObject_HEAD
    char touched;           /* some of it may have changed: Python looks at it, when all is in the log */
    PyObject *frames;       /* dict: names of variables by frame number */
    PyObject *objects;      /* dict: parts by object number */
    uint64_t near;          /* a bit for each of these numbers: their last 6 bits */
    PyObject *frame_ids;    /* tuple of int: FrameState.frame_id of these frames */
    int frame_count;
    uint64_t frame_at[HS_MOST_WATCHED];     /* the same */
} HsWatches;

/* What is watched, NULL: nothing. */
static inline HsWatches *
hs_watches_of(const HsObjects *objects)
{
    return hs_is(objects->watches) ? (HsWatches *)objects->watches : NULL;
}

/* May an object be one of those? */
static inline int
hs_may_be_watched(const HsObjects *objects, const HsEntry *entry)
{
    const HsWatches *watches = hs_watches_of(objects);
    return watches != NULL && (watches->near >> (entry->oid & 63) & 1) != 0;
}

static inline int
hs_is_touched(const HsObjects *objects)
{
    const HsWatches *watches = hs_watches_of(objects);
    return watches != NULL && watches->touched;
}

static inline int
hs_watches_frame(const HsWatches *watches, uint64_t frame_id)
{
    for (int place = 0; place < watches->frame_count; place++) {
        if (watches->frame_at[place] == frame_id) {
            return 1;
        }
    }
    return 0;
}

/* lifetimes.Lifetimes. */
struct HsWaiting;
typedef struct {
    PyObject_HEAD
    PyObject *objects;      /* ObjectTable */
    PyObject *recorder;     /* Recorder */
    PyObject *doomed;       /* list: let go outside of the callback */
    PyObject *collected;    /* list of Entry that the cyclic collector has taken */
    int64_t due;            /* step of the next look at what is watched */
    int64_t finalizers;     /* how many waited at the last look */
    PyObject *found;        /* an empty list, to be used again */
    struct HsWaiting *waiting;  /* lifetimes.c */
} HsLives;

/* line_changes.LineChanges; line_changes.c may add its own at the end. */
typedef struct {
    PyObject_HEAD
    PyObject *objects;      /* ObjectTable */
    PyObject *globals;      /* dict of oid to Entry */
    PyObject *escaped;      /* dict of oid to Entry */
    int64_t budget;
} HsChanges;

/* The recorder's lock: as threading's RLock, but its owner can be read (lock.c). */
typedef struct HsWaiter {
    unsigned long thread;
    PyThread_type_lock wait;    /* held; released once to wake it */
    int woken;
    int overtaken;              /* it was woken, and found that another thread was faster */
    struct HsWaiter *next;
} HsWaiter;

typedef struct {
    PyObject_HEAD
    unsigned long owner;    /* 0: free */
    int count;
    HsWaiter *waiters;      /* in the order in which they came */
} HsLock;

/* Takes the lock when nobody holds it; 0 when somebody does (also this thread). */
static inline int
hs_take_free_lock(HsLock *lock, unsigned long me)
{
    if (lock->owner != 0) {
        return 0;
    }
    lock->owner = me;
    lock->count = 1;
    return 1;
}

/* Wakes the first waiter of a free lock; gives it the lock when it was overtaken (lock.c). */
void hs_wake_waiter(HsLock *lock);

static inline void
hs_release_lock(HsLock *lock)
{
    if (--lock->count > 0) {
        return;
    }
    lock->owner = 0;
    if (lock->waiters != NULL) {
        hs_wake_waiter(lock);
    }
}

/* recorder.Recorder. */
typedef struct {
    PyObject_HEAD
    PyObject *writer;
    PyObject *objects;
    PyObject *changes;
    PyObject *lives;
    PyObject *lock;         /* HsLock */
    PyObject *control;      /* Control or None */
    PyObject *current;      /* ThreadState or None */
    PyObject *threads;      /* dict */
    PyObject *suspended;    /* HsIdMap of FrameState */
    PyObject *sharing;      /* dict */
    PyObject *outputs;      /* list */
    PyObject *ended_threads;/* list */
    PyObject *untraced;     /* list */
    PyObject *limit;        /* int or None */
    PyObject *block_frames; /* dict */
    int64_t steps;
    int64_t total_events;
    int64_t line_at;
    int64_t steps_in_buffer;
    int64_t next_frame;
    int64_t strings_in_log;
    uint64_t recording;     /* another number for each recorder of this process */
    PyThreadState *holder;  /* that has the event which C does: events.h */
    PyTypeObject *control_class;    /* of `control`, which is a HsControl: borrowed; NULL: not seen yet */
    /* The first four are looked at at once: hs_is_free. */
    char busy;
    char dead;
    char broken;
    char lost;
    char committing;
    char started;
} HsRecorder;

/* ---- The types, and the objects of the Python half that C compares with (module.c) ---- */

extern PyTypeObject HsBuffer_Type, HsIdMap_Type, HsNumbers_Type, HsLock_Type;
extern PyTypeObject HsEntry_Type, HsLinePlan_Type, HsCodePlan_Type, HsThread_Type,
    HsFrameState_Type;
extern PyTypeObject HsWriter_Type, HsObjects_Type, HsLives_Type, HsChanges_Type, HsRecorder_Type,
    HsControl_Type, HsWatches_Type, HsSeenCall_Type;
extern PyTypeObject HsCallback_Type, HsLayout_Type;

/* Given once by core.py, `hindsight_core.adopt(name, object)`; all strong for the process's life.
 * The module serves one interpreter only. */
typedef struct {
    PyTypeObject *entry;        /* objects.Entry */
    PyTypeObject *frame_state;  /* frames.FrameState */
    PyTypeObject *line_plan;    /* frames.LinePlan */
    PyTypeObject *code_plan;    /* frames.CodePlan */
    PyTypeObject *thread_state; /* frames.ThreadState */
    PyTypeObject *seen_call;    /* frames.SeenCall */
    PyTypeObject *entry_ref;    /* objects._EntryRef */
    PyTypeObject *long_text;    /* values.LongText */
    PyTypeObject *not_recorded; /* values.NotRecorded */
    PyTypeObject *deque;        /* collections.deque */
    PyTypeObject *default_dict; /* collections.defaultdict */
    PyObject *layouts;          /* HsIdMap from types to Layout */
    PyObject *layout_of;        /* layouts.layout_of */
    PyObject *held_by;          /* arrays.held_by */
    PyObject *effects;          /* HsIdMap from callables to their effects: builtin_effects */
    PyObject *applies;          /* builtin_effects.applies */
    PyObject *finalizers;       /* layouts.finalizers[0], a dict */
    PyObject *effect_of;        /* builtin_effects.effect_of */
    PyObject *passive;          /* frozenset of ids of types: line_changes */
    PyObject *quiet;            /* frozenset of ids of methods: line_changes */
    PyObject *hidden_in_class;  /* frozenset of names: layouts */
    PyObject *builtins;         /* the builtins' dict */
    PyObject *unbound;          /* values.UNBOUND */
    PyObject *left_out;         /* values.LEFT_OUT */
    PyObject *in_c;             /* values.IN_C */
    PyObject *empty;            /* () */
    PyObject *package;          /* the name of the recorder's package */
    PyObject *package_name;     /* "__package__" */
    PyObject *maxlen;           /* "maxlen" */
    PyObject *swallowers;       /* bytes: 1 at the opcodes that end an iteration by an exception */
    int resume;                 /* opcode of RESUME */
    int raise_varargs;          /* opcode of RAISE_VARARGS */
    int end_async_for;          /* opcode of END_ASYNC_FOR */
    int return_value;           /* opcode of RETURN_VALUE */
    int yield_value;            /* opcode of YIELD_VALUE */
} HsAdopted;
extern HsAdopted hs;

static inline int
hs_is_entry(PyObject *value)
{
    return Py_TYPE(value) == hs.entry;
}

/* One of the exact types that have a value and no identity: FORMAT.md, section 5. */
static inline int
hs_is_scalar_type(PyTypeObject *type)
{
    if (type == &PyLong_Type) {
        return 1;
    }
    /* Nearly all others are classes of Python, or take part in garbage collection. */
    if ((type->tp_flags & (Py_TPFLAGS_HEAPTYPE | Py_TPFLAGS_HAVE_GC)) != 0) {
        return 0;
    }
    return type == &PyUnicode_Type || type == &PyFloat_Type || type == Py_TYPE(Py_None)
           || type == &PyBool_Type || type == &PyBytes_Type || type == &PyComplex_Type
           || type == Py_TYPE(Py_Ellipsis) || type == Py_TYPE(Py_NotImplemented);
}

static inline int
hs_is_scalar(PyObject *value)
{
    return hs_is_scalar_type(Py_TYPE(value));
}

/* ---- Values (values.c) ---- */

/* What V_INT can say ends before this, and behind its negative. */
#define HS_INT_LIMIT (INT64_C(1) << 53)

/* Appends `str`, by the block's string table. */
int hs_put_str(HsWriter *writer, PyObject *text);
/* The same of a text that the table has not: it is in the table from now on. */
int hs_put_new_str(HsWriter *writer, PyObject *text);
/* The number of a text that the block's table has, or -1: it is not there. */
int64_t hs_place_of_str(HsWriter *writer, PyObject *text);
/* Appends a value as shadows hold it: scalar, Entry, UNBOUND, LongText, NotRecorded. */
int hs_put_value(HsObjects *objects, PyObject *known);
/* values.same: does a variable show the same as before? Runs no code of the program. */
int hs_same(PyObject *old, PyObject *new_value);

static inline HsWriter *
hs_writer_of(HsObjects *objects)
{
    return (HsWriter *)objects->writer;
}

static inline HsBuffer *
hs_buffer_of(HsObjects *objects)
{
    return (HsBuffer *)hs_writer_of(objects)->buf;
}

/* Begins an event: its opcode, counted. */
static inline HsBuffer *
hs_event(HsObjects *objects, int opcode)
{
    HsBuffer *buffer = hs_buffer_of(objects);
    hs_u8(buffer, opcode);
    objects->events++;
    return buffer;
}

/* Where an attribute was when it was last looked at: in the shadow, and among the instance's values. */
typedef struct {
    Py_ssize_t place;
    Py_ssize_t index;
} HsAttrSeen;

/* ---- Objects (objects.c): the methods of objects.ObjectTable ---- */

/* What shadows hold for a value: itself when it is a scalar, else its Entry; new ones are logged. */
PyObject *hs_known(HsObjects *objects, PyObject *value);        /* new reference */
/* The same for a variable, where long scalars are stood in for by LongText. */
PyObject *hs_variable(HsObjects *objects, PyObject *value);     /* new reference */
/* The Entry of an object that is new, of which all NEW events are in the buffer then: borrowed, `by_id`
 * has it. NULL (no exception): it cannot be done at a glance, and nothing has changed (new_objects.c). */
HsEntry *hs_make_known(HsObjects *objects, PyObject *value);
/* An entry with the next number, which no table knows yet: a new reference. */
HsEntry *hs_new_entry(HsObjects *objects, PyObject *value, HsLayout *layout, int kind);
/* Puts an entry into a dict of entries by their numbers, and takes it out: -1 there is no memory. */
int hs_put_by_number(PyObject *table, HsEntry *entry);
int hs_drop_number(PyObject *table, HsEntry *entry);
/* The Entry of the mapping of a module or class body. */
PyObject *hs_namespace(HsObjects *objects, PyObject *value);    /* new reference */
/* Before a change event: counts it, puts a checkpoint or a `touched` in front if need be. */
int hs_begin_change(HsObjects *objects, HsEntry *entry);
/* The same at a glance: can the first change of an object in its block be written now? Then so. */
int hs_can_begin_in_block(HsObjects *objects, HsEntry *entry);
void hs_begin_in_block(HsObjects *objects, HsEntry *entry);
/* Finds and logs what changed; adds the number of elements looked at to *seen (if not NULL). */
int hs_compare(HsObjects *objects, HsEntry *entry, Py_ssize_t *seen);
/* ObjectTable.compare_weak_containers: what the dead have taken with them, or had called. */
int hs_compare_weak_containers(HsObjects *objects);
/* An object is compared, or a piece of it that can have changed, while others are not recorded. */
int hs_compared_again(HsObjects *objects, HsEntry *entry);
/* The same of one piece, when nothing else can have changed: 1 done, 0 compare all of it, -1 failed. */
int hs_compare_places(HsObjects *objects, HsEntry *entry, PyObject *list, Py_ssize_t first,
                      Py_ssize_t last);
int hs_compare_pair(HsObjects *objects, HsEntry *entry, PyObject *dict, PyObject *key);
int hs_compare_attr(HsObjects *objects, HsEntry *entry, PyObject *object, PyObject *name,
                    HsAttrSeen *seen);
/* Where a shadow has what belongs to a key or a name, of which *value is what the object has: a place,
 * or one of these. */
enum { HS_NO_PLACE = -1, HS_BEHIND = -2, HS_UNCHANGED = -3 };
Py_ssize_t hs_find_pair(HsObjects *objects, HsEntry *entry, PyObject *dict, PyObject *key,
                        PyObject **value);
Py_ssize_t hs_find_attr(HsObjects *objects, HsEntry *entry, PyObject *object, PyObject *name,
                        HsAttrSeen *seen, PyObject **value);
/* A list of ours, which the collector does not look at. */
PyObject *hs_new_row(Py_ssize_t count);
/* The lists of a shadow that has no attributes yet. */
int hs_make_attr_rows(HsEntry *entry);
/* Of a list or deque: one more at the end; one less, at its start or its end. */
int hs_compare_end(HsObjects *objects, HsEntry *entry, PyObject *sequence);
int hs_compare_pop(HsObjects *objects, HsEntry *entry, PyObject *sequence, int is_left);
/* Of a list, dict, set or deque that can only have changed together with its size: 1 it is the same. */
int hs_size_stays(HsEntry *entry, PyObject *container);
int hs_set_item(HsObjects *objects, HsEntry *entry, Py_ssize_t place, PyObject *value);
int hs_append_item(HsObjects *objects, HsEntry *entry, PyObject *value);
int hs_append_pair(HsObjects *objects, HsEntry *entry, PyObject *key, PyObject *value);
extern PyMethodDef hs_objects_methods[];
/* Appends the whole shadow: CONTENTS or the end of NEW. */
int hs_put_contents(HsObjects *objects, HsEntry *entry);
/* Logs the whole shadow: WHY_CHANGED or WHY_CHECKPOINT. */
int hs_contents_event(HsObjects *objects, HsEntry *entry, int why);
/* What a part of a bounded recording begins with (restate.c). */
PyObject *hs_stale(HsObjects *objects, PyObject *entries);
PyObject *hs_restate(HsObjects *objects, PyObject *args);
int hs_correct_length(HsObjects *objects, HsEntry *entry, Py_ssize_t total);
/* The object is dead: forgets the entry; its parts become suspects. */
int hs_bury(HsObjects *objects, HsEntry *entry);
/* `dead` is told, and the address is free for others: what the weak reference of an entry calls. */
PyObject *hs_entry_died(PyObject *entry, PyObject *args, PyObject *kwargs);
/* Takes what objects.py and its like tell C of: 1 taken, 0 not known, -1 failed. */
int hs_adopt_more(const char *name, PyObject *value);
/* Cuts a list of ours short and keeps its memory. */
void hs_cut_list(PyObject *list, Py_ssize_t length);

static inline void
hs_empty_list(PyObject *list)
{
    hs_cut_list(list, 0);
}

/* Puts something behind a list of ours: 0 (no exception) when there is no memory. */
static inline int
hs_push(PyObject *list, PyObject *item)
{
    Py_ssize_t count = PyList_GET_SIZE(list);
    if (count < ((PyListObject *)list)->allocated) {
        PyList_SET_ITEM(list, count, Py_NewRef(item));
        Py_SET_SIZE(list, count + 1);
        return 1;
    }
    if (PyList_Append(list, item) < 0) {
        PyErr_Clear();
        return 0;
    }
    return 1;
}

/* The program lets go of a value that we know. */
int hs_lost(HsObjects *objects, PyObject *known);
/* The entry of the instance whose `__dict__` this dict is, borrowed; NULL for none. */
HsEntry *hs_owner_of(HsObjects *objects, PyObject *dict);
/* Notes what was changed at a glance (at_once.c), before anything that can fail: when it does, that is
 * taken back as the rest is. */
int hs_note_seen(HsObjects *objects);
/* All events are in the log: forgets what they were about. */
int hs_forget_uncommitted(HsObjects *objects);

static inline int
hs_committed(HsObjects *objects)
{
    if (PyList_GET_SIZE(objects->made_now) == 0 && PyList_GET_SIZE(objects->changed_now) == 0
        && PyList_GET_SIZE(objects->dead_now) == 0) {
        return 0;
    }
    return hs_forget_uncommitted(objects);
}

/* Deaths of which nobody is told by a weak reference (deaths.c). From now on, and no more; there is
 * one table at a time. */
int hs_watch_deaths(HsObjects *objects);
void hs_forget_deaths(HsObjects *objects);
int hs_is_told(HsObjects *objects);
/* Do the objects of a type tell their death? */
int hs_tells_death(PyTypeObject *type);
/* An object has died: its address is free, and `dead` has its entry. Sets no exception. */
void hs_tell_dead(HsObjects *objects, HsEntry *entry);
/* Does a tuple have the contents that its entry says? */
int hs_is_same_tuple(HsEntry *entry, PyObject *live);
/* The same; if not, the tuple of the entry is dead. */
int hs_is_still(HsObjects *objects, HsEntry *entry, PyObject *live);
/* The same of an entry that the table of this map holds. */
int hs_is_still_told(HsIdMap *map, HsEntry *entry);

/* The Entry of an object or NULL, borrowed. */
static inline HsEntry *
hs_entry_at(HsObjects *objects, PyObject *value)
{
    HsEntry *entry = (HsEntry *)hs_map_get((HsIdMap *)objects->by_id, value);
    return entry == NULL || entry->kind != K_TUPLE || hs_is_still(objects, entry, value) ? entry
                                                                                        : NULL;
}

/* Does a shadow's value stand for this object of the program? Addresses of entries that by_id holds
 * are those of their living objects. */
static inline int
hs_shows(PyObject *known, PyObject *live)
{
    return known == live
           || (hs_is_entry(known) && ((HsEntry *)known)->mapped
               && ((HsEntry *)known)->key == (uint64_t)(uintptr_t)live
               && (((HsEntry *)known)->kind != K_TUPLE
                   || hs_is_same_tuple((HsEntry *)known, live)));
}

/* Takes what is the same from both ends of a range of places; it is empty when *first > *last. */
static inline void
hs_narrow(PyObject **known, PyObject **live, Py_ssize_t *first, Py_ssize_t *last)
{
    while (*first <= *last && hs_shows(known[*first], live[*first])) {
        ++*first;
    }
    while (*first <= *last && hs_shows(known[*last], live[*last])) {
        --*last;
    }
}

/* ---- Layouts (layouts.c) ---- */

/* An object's attributes in order; each a new reference. */
typedef struct {
    PyObject *name;
    PyObject *value;
} HsAttr;
enum { HS_FEW_ATTRS = 24 };
typedef struct {
    HsAttr *at;
    Py_ssize_t count;
    Py_ssize_t capacity;
    Py_ssize_t total;
    HsAttr few[HS_FEW_ATTRS];
} HsAttrs;

static inline int
hs_has_dict(const HsLayout *layout)
{
    return layout->dict_getter != NULL || layout->dict_member != NULL;
}

/* Borrowed; NULL on failure. */
HsLayout *hs_layout_of(PyTypeObject *type);
/* The `__dict__` of an instance when it has one that is a dict: a new reference; NULL without an
 * exception when it has none. */
/* Whether an object of a type in C has no `__dict__` yet. To ask for it would make it, which such a
 * type can tell (functools.partial does). */
int hs_lacks_dict(PyObject *value);
PyObject *hs_instance_dict(PyObject *value, HsLayout *layout);
/* The same, but only when the program or we have made it already. */
PyObject *hs_known_dict(PyObject *value, HsLayout *layout);
/* layouts.read_attrs: 1 read, 0 ask Python, -1 failed. To be freed in any case. */
int hs_read_attrs(PyObject *value, HsLayout *layout, Py_ssize_t limit, HsAttrs *attrs);
/* The same of a class made by a class statement: what its body and the program put into it. */
int hs_read_class_attrs(PyTypeObject *cls, Py_ssize_t limit, HsAttrs *attrs);
void hs_free_attrs(HsAttrs *attrs);

/* ---- Death (lifetimes.c) and what lines change (line_changes.c) ---- */

extern PyMethodDef hs_lives_methods[];
void hs_free_waiting(struct HsWaiting *waiting);
/* Lifetimes.look: logs what has died since the last event. */
int hs_look_closely(HsRecorder *recorder);
/* At steps that have one of these bits nothing is looked at without a reason. */
enum { HS_SWEEP_PAUSE = 7 };

/* Is there anything to be looked at at once, but for the dead that told it themselves? */
static inline int
hs_must_look_closely(HsRecorder *recorder)
{
    HsLives *lives = (HsLives *)recorder->lives;
    return (PyList_GET_SIZE(((HsObjects *)recorder->objects)->suspects)
            | PyList_GET_SIZE(lives->collected))
               != 0
           || recorder->steps >= lives->due
           || PyDict_GET_SIZE(hs.finalizers) != lives->finalizers;
}

/* Is there anything to be looked at at once? */
static inline int
hs_must_look_now(HsRecorder *recorder)
{
    return PyList_GET_SIZE(((HsObjects *)recorder->objects)->dead) != 0
           || hs_must_look_closely(recorder);
}

/* Logs the dead, when there is nothing else to look at, without a failure and without running code:
 * 1 done, 0 left for hs_look_closely. */
int hs_bury_quietly(HsRecorder *recorder);

/* Is it the turn of some pinned objects? */
static inline int
hs_must_sweep(HsRecorder *recorder)
{
    return (recorder->steps & HS_SWEEP_PAUSE) == 0
           && PyDict_GET_SIZE(((HsObjects *)recorder->objects)->pinned) > 0;
}

/* Looks at those when nothing has to be done about them: 1 done, 0 left for hs_look_closely. */
int hs_sweep_quietly(HsRecorder *recorder);

static inline int
hs_look(HsRecorder *recorder)
{
    return hs_must_look_now(recorder) || hs_must_sweep(recorder) ? hs_look_closely(recorder) : 0;
}
/* LineChanges.before: a new list of entries; NULL on failure. */
PyObject *hs_before(HsRecorder *recorder, HsFrameState *state, HsLinePlan *plan);
/* LineChanges._class_is_passive; -1 on failure. */
int hs_class_is_passive(HsChanges *changes, PyTypeObject *type);
/* For HsEntry.compared and HsEntry.queued: no other walk has it. */
uint64_t hs_new_mark(void);
/* LineChanges._walk (walk.c). */
int hs_walk(HsChanges *changes, PyObject *const *values, Py_ssize_t count, int deep);
extern PyMethodDef hs_changes_methods[];
/* LineChanges.see: what is noted of a call that begins, in *seen (a new reference, NULL for nothing).
 * 1 done, 0 ask Python, -1 failed. */
int hs_see(HsRecorder *recorder, HsFrameState *state, PyObject *call, PyObject *function,
           PyObject *first, PyObject **seen);
/* LineChanges.after: 1 when unknown code may have run, 0 when not, -1 on failure. */
int hs_after(HsRecorder *recorder, HsFrameState *state, HsLinePlan *plan);

/* ---- The log (tail.c) ---- */

/* What hs_commit leaves to others: limits, the clock, a tail that is too small. */
int hs_commit_slowly(HsRecorder *recorder);
int hs_after_commit(HsRecorder *recorder);

static inline void
hs_write_events_length(uint8_t *memory, uint32_t length)
{
    uint8_t bytes[4] = {(uint8_t)length, (uint8_t)(length >> 8), (uint8_t)(length >> 16),
                        (uint8_t)(length >> 24)};
    /* First the events, then the length that makes them count. */
    atomic_signal_fence(memory_order_seq_cst);
    memcpy(memory + HS_TAIL_EVENTS_LENGTH, bytes, sizeof bytes);
}

/* Moves the buffer into the tail: what is left to be done then. */
typedef enum { HS_MOVED, HS_MOVED_AND_DUE, HS_NOT_MOVED } HsMove;

/* All texts of the block's table are in the log. */
static inline void
hs_count_texts(HsRecorder *recorder)
{
    HsWriter *writer = (HsWriter *)recorder->writer;
    recorder->strings_in_log = writer->texts_in_log = PyDict_GET_SIZE(writer->strings);
    writer->texts_block = writer->block;
    writer->new_texts = 0;
}

/* Puts the buffer at the end of the block in the tail, where it may be already, and counts it. */
static Py_ALWAYS_INLINE inline void
hs_put_in_tail(HsRecorder *recorder, HsObjects *objects, HsWriter *writer, HsBuffer *buffer)
{
    const int64_t start = writer->end, length = buffer->length, end = start + length;
    const int64_t steps = recorder->steps_in_buffer, events = objects->events;
    uint8_t *memory = writer->memory, *bytes = buffer->bytes;
    buffer->length = 0;
    writer->end = end;
    writer->step += steps;
    writer->block_steps += steps;
    writer->block_events += events;
    recorder->steps_in_buffer = 0;
    recorder->total_events += events;
    objects->events = 0;
    objects->seen_count = 0;
    if (writer->new_texts) {
        hs_count_texts(recorder);
    }
    const uint32_t raw = (uint32_t)(end - writer->events_start);
    if (bytes != buffer->own) {
        buffer->bytes = bytes + length;
    }
    else {
        memcpy(memory + start, bytes, (size_t)length);
    }
    hs_write_events_length(memory, raw);
}

/* Moves the events of a glance: 1 done, 0 ask hs_move. */
static Py_ALWAYS_INLINE inline int
hs_move_quickly(HsRecorder *recorder)
{
    HsObjects *objects = (HsObjects *)recorder->objects;
    HsWriter *writer = (HsWriter *)recorder->writer;
    HsBuffer *buffer = (HsBuffer *)writer->buf;
    if (writer->end + buffer->length > writer->quick_end
        || writer->block_events + objects->events >= writer->quick_events || buffer->failed) {
        return 0;
    }
    hs_put_in_tail(recorder, objects, writer, buffer);
    return 1;
}

/* Moves the buffer, in which there are events. */
HsMove hs_move(HsRecorder *recorder);

/* Moves the buffer into the tail; seals by Python when a limit is reached. */
static inline int
hs_commit(HsRecorder *recorder)
{
    HsObjects *objects = (HsObjects *)recorder->objects;
    if (objects->events == 0) {
        return 0;
    }
    HsMove moved = hs_move_quickly(recorder) ? HS_MOVED : hs_move(recorder);
    if (moved == HS_NOT_MOVED) {
        return hs_commit_slowly(recorder);
    }
    hs_count_texts(recorder);
    if (hs_committed(objects) < 0) {
        return -1;
    }
    return moved == HS_MOVED_AND_DUE ? hs_after_commit(recorder) : 0;
}

/* ---- Plans and frames (plans.c, frames.c) ---- */

/* Makes a plan that Python made known to C: `hs_plan_of` finds it from now on. */
int hs_attach(HsRecorder *recorder, PyCodeObject *code, HsCodePlan *plan);
/* Where in a code object's extra slots its plan is. */
extern Py_ssize_t hs_extra_index;
/* Makes the plan of a line that runs for the first time. */
PyObject *hs_make_line_plan(HsCodePlan *plan, long line);

/* The plan of a line: borrowed HsLinePlan, or Py_None; NULL when it has not been made. */
static inline PyObject *
hs_made_line_plan(HsCodePlan *plan, long line)
{
    /* Lines before the first are a large number. */
    unsigned long place = (unsigned long)line - (unsigned long)plan->first_line;
    return place < (unsigned long)plan->line_count ? plan->line_plans[place] : NULL;
}

/* The same, made when it has not been; NULL on failure. */
static inline PyObject *
hs_line_plan(HsCodePlan *plan, long line)
{
    PyObject *made = hs_made_line_plan(plan, line);
    return made != NULL ? made : hs_make_line_plan(plan, line);
}

/* Line of a code unit, -1 for none; -2 on failure. */
int hs_line_of(HsCodePlan *plan, long unit);
/* A new activation, from the spares if there is one; a new reference. */
HsFrameState *hs_new_state(HsRecorder *recorder, HsCodePlan *plan, HsThread *thread,
                           const void *frame_key);
/* Takes over a reference to a state that has ended: it may become a spare. */
void hs_drop_state(HsFrameState *state);
/* Tells the block of a frame that is suspended in it (recorder.c): -1 there is no memory. */
int hs_note_block_frame(HsRecorder *recorder, HsFrameState *state);
/* The live object of an entry, borrowed; NULL without an exception when it is dead. */
static inline PyObject *
hs_entry_live(HsEntry *entry)
{
    PyObject *object;
    if (entry->told) {
        object = entry->mapped ? (PyObject *)(uintptr_t)entry->key : NULL;
    }
    else if (!hs_is(entry->ref)) {
        return hs_is(entry->pin) ? entry->pin : NULL;
    }
    else {
        object = ((PyWeakReference *)entry->ref)->wr_object;
        object = object == Py_None ? NULL : object;
    }
    /* Without references it is about to be ended. */
    return object != NULL && Py_REFCNT(object) > 0 ? object : NULL;
}

/* The same, a new reference. */
PyObject *hs_entry_object(HsEntry *entry);
/* Compares all of internals.h with the public API; sets ImportError when something differs. */
int hs_check_internals(void);

/* ---- Events (recorder.c): 1 done, 0 declined with nothing changed, -1 failed ---- */

struct _PyInterpreterFrame;
/* What has become of an event at a first glance, without the lock; of the line that was running
 * before it (the caller's when a frame begins or goes on). */
typedef enum {
    HS_DECLINED,    /* nothing has changed: it is no common line */
    HS_UNFINISHED,  /* the rest is done by `hs_on_line` and its like; a part may be in the buffer */
    HS_LOOKED,      /* the same, and what it changed was seen (hs_compare_seen) */
    HS_FLUSHED,     /* all that the line changed is in the buffer */
    HS_DONE         /* the whole event is in the buffer */
} HsGlance;
/* At a glance (simple_events.c; a line: simple_line.h): never declined once something has changed. */
HsGlance hs_on_simple_call(HsRecorder *recorder, struct _PyInterpreterFrame *frame,
                           HsCodePlan *plan, unsigned long thread);
HsGlance hs_on_simple_resume(HsRecorder *recorder, struct _PyInterpreterFrame *frame,
                             HsCodePlan *plan, unsigned long thread);
HsGlance hs_on_simple_return(HsRecorder *recorder, struct _PyInterpreterFrame *frame,
                             HsCodePlan *plan, PyObject *value, unsigned long thread);
HsGlance hs_on_simple_yield(HsRecorder *recorder, struct _PyInterpreterFrame *frame,
                            HsCodePlan *plan, PyObject *value, unsigned long thread);
/* What is left then. */
int hs_on_line(HsRecorder *recorder, struct _PyInterpreterFrame *frame, HsCodePlan *plan, long line,
               HsGlance glanced);
int hs_on_call(HsRecorder *recorder, struct _PyInterpreterFrame *frame, HsCodePlan *plan,
               HsGlance glanced);
int hs_on_resume(HsRecorder *recorder, struct _PyInterpreterFrame *frame, HsCodePlan *plan,
                 HsGlance glanced);
int hs_on_return(HsRecorder *recorder, struct _PyInterpreterFrame *frame, HsCodePlan *plan,
                 PyObject *value, HsGlance glanced);
int hs_on_yield(HsRecorder *recorder, struct _PyInterpreterFrame *frame, HsCodePlan *plan,
                PyObject *value, HsGlance glanced);
/* A call that no path tells; `first` is its first argument, NULL when there is none. */
int hs_on_called(HsRecorder *recorder, struct _PyInterpreterFrame *frame, HsCodePlan *plan,
                 PyObject *call, PyObject *function, PyObject *first);
int hs_on_raise(HsRecorder *recorder, struct _PyInterpreterFrame *frame, HsCodePlan *plan,
                PyObject *exception);
int hs_on_unwind(HsRecorder *recorder, struct _PyInterpreterFrame *frame, HsCodePlan *plan,
                 PyObject *exception);

#if PY_VERSION_HEX < 0x030C0000
/* The trace function of 3.11 (trace.c). */
PyObject *hs_trace_with(PyObject *module, PyObject *args);
PyObject *hs_set_trace(PyObject *module, PyObject *function);
PyObject *hs_is_traced(PyObject *module, PyObject *ignored);
#endif
/* Deflates bytes (deflate.c). */
PyObject *hs_deflate(PyObject *module, PyObject *raw);
/* The same without Python, for at most INT32_MAX bytes: how many bytes it became, 0 when it would not
 * be smaller. `work`: hs_deflate_room() bytes; `to`: room for 8 more than `size`. */
size_t hs_deflate_into(void *work, const uint8_t *from, size_t size, uint8_t *to);
size_t hs_deflate_room(void);
/* CRC-32 as zlib has it (crc32.c); the table is made when the module is loaded. */
uint32_t hs_crc32(const uint8_t *from, size_t length);
void hs_make_crc32_table(void);
/* Seals blocks in threads (sealer.c). */
extern PyTypeObject HsSealer_Type;
/* Calls a function where the recursion limit is used up (room.c). */
extern PyTypeObject HsRoomy_Type;
/* Are all fields of a recorder of the types that C takes them for? */
int hs_check_recorder(HsRecorder *recorder);
/* Calls a method of the Python half with the arguments that are not NULL: its answer, a new
 * reference; NULL on failure. (Never PyObject_CallMethod with "O": it unpacks tuples.) */
PyObject *hs_answer(void *self, const char *name, PyObject *first, PyObject *second,
                    PyObject *third);
/* The same, when there is no answer of interest; -1 on failure. */
int hs_ask(void *self, const char *name, PyObject *first, PyObject *second, PyObject *third);

#endif
