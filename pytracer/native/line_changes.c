/* What has a line changed? Asked of line_changes.LineChanges.
 *
 * What the effects of the line lead to is collected without a change to anything; so whatever is
 * rare may still be left to the Python half. Most lines never come so far: quick_changes.c. */
#include "line_effects.h"
#include "events.h"

/* ---- What is collected ---- */

enum { FEW = 16 };

/* A row of objects, each a new reference. */
typedef struct {
    PyObject **at;
    Py_ssize_t count;
    Py_ssize_t capacity;
    PyObject *few[FEW];
} Row;

typedef struct {
    HsRecorder *recorder;
    HsObjects *objects;
    HsChanges *changes;
    HsFrameState *state;
    Effects *effects;
    Row targets;        /* entries to compare */
    Row reach;          /* objects from which on all must be compared */
    int deep;
    uint64_t mark;
} Collected;

static void
row_begin(Row *row)
{
    row->at = row->few;
    row->count = 0;
    row->capacity = FEW;
}

static void
row_end(Row *row)
{
    for (Py_ssize_t place = 0; place < row->count; place++) {
        Py_DECREF(row->at[place]);
    }
    if (row->at != row->few) {
        PyMem_RawFree(row->at);
    }
}

static int
row_add(Row *row, PyObject *value)
{
    if (row->count == row->capacity) {
        size_t size = sizeof(PyObject *) * (size_t)row->capacity * 2;
        PyObject **grown = PyMem_RawRealloc(row->at == row->few ? NULL : row->at, size);
        if (grown == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        if (row->at == row->few) {
            memcpy(grown, row->few, sizeof row->few);
        }
        row->at = grown;
        row->capacity *= 2;
    }
    row->at[row->count++] = Py_NewRef(value);
    return 0;
}

static void
begin(Collected *collected, HsRecorder *recorder, HsFrameState *state, Effects *effects)
{
    static uint64_t marks;
    collected->recorder = recorder;
    collected->objects = (HsObjects *)recorder->objects;
    collected->changes = (HsChanges *)recorder->changes;
    collected->state = state;
    collected->effects = effects;
    row_begin(&collected->targets);
    row_begin(&collected->reach);
    collected->deep = 0;
    collected->mark = ++marks;
}

static void
end(Collected *collected)
{
    row_end(&collected->targets);
    row_end(&collected->reach);
}

static int
add_target(Collected *collected, HsEntry *entry)
{
    if (entry->mark == collected->mark) {
        return 1;
    }
    entry->mark = collected->mark;
    return row_add(&collected->targets, (PyObject *)entry) < 0 ? -1 : 1;
}

static int
add_reach(Collected *collected, PyObject *value)
{
    return row_add(&collected->reach, value) < 0 ? -1 : 1;
}

/* ---- Judging objects. All of it: 1 yes or done, 0 no or ask Python, -1 failed. ---- */

static int
is_listed(PyTypeObject *type)
{
    if (hs_is_scalar_type(type) || type == &PyList_Type || type == &PyDict_Type
        || type == &PyTuple_Type || type == &PyFunction_Type || type == &PySet_Type) {
        return 1;
    }
    HsLayout *layout = hs_layout_of(type);
    return layout == NULL ? -1 : layout->listed;
}

static int
ask_truth(void *self, const char *method, PyObject *argument)
{
    PyObject *answer = hs_answer(self, method, argument, NULL, NULL);
    int truth = answer == NULL ? -1 : PyObject_IsTrue(answer);
    Py_XDECREF(answer);
    return truth;
}

static int
code_recorded(Collected *collected, PyObject *code)
{
    HsCodePlan *plan = hs_plan_of(collected->recorder, (PyCodeObject *)code);
    return plan != NULL ? plan->recorded
                        : ask_truth(collected->recorder, "code_recorded", code);
}

static int
function_recorded(Collected *collected, PyObject *function)
{
    return code_recorded(collected, ((PyFunctionObject *)function)->func_code);
}

int
hs_class_is_passive(HsChanges *changes, PyTypeObject *type)
{
    HsLayout *layout = hs_layout_of(type);
    if (layout == NULL) {
        return -1;
    }
    PyObject *own_modules = ((HsObjects *)changes->objects)->own_modules;
    if (hs_is(layout->passive) && layout->passive_count == PySet_GET_SIZE(own_modules)) {
        return layout->passive == Py_True;
    }
    return ask_truth(changes, "_class_is_passive", (PyObject *)type);
}

static int
class_is_passive(Collected *collected, PyTypeObject *type)
{
    return hs_class_is_passive(collected->changes, type);
}

static int
is_passive(Collected *collected, PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);
    if (hs_is_suspendable(type)) {
        PyObject *code = hs_generator_code(value);
        int recorded = code == NULL ? -1 : code_recorded(collected, code);
        Py_XDECREF(code);
        return recorded;
    }
    if (type == &PyMethod_Type) {
        PyObject *function = PyMethod_GET_FUNCTION(value);
        return Py_IS_TYPE(function, &PyFunction_Type)
                   ? function_recorded(collected, function)
                   : 0;
    }
    return class_is_passive(collected, type);
}

/* LineChanges._changed: an object that is changed itself. */
static int
note_changed(Collected *collected, PyObject *value)
{
    if (hs_is_scalar(value)) {
        return 1;
    }
    if (Py_IS_TYPE(value, &PyModule_Type)) {
        value = PyModule_GetDict(value);
    }
    HsEntry *entry = hs_entry_at(collected->objects, value);
    if (entry == NULL) {
        entry = hs_owner_of(collected->objects, value);
    }
    return entry == NULL ? 1 : add_target(collected, entry);
}

static int
is_proxy(PyTypeObject *type)
{
    return type == &_PyWeakref_ProxyType || type == &_PyWeakref_CallableProxyType;
}

/* LineChanges._store. */
static int
note_store(Collected *collected, const Path *path)
{
    Found found;
    int done = hs_follow(path, collected->state, &found);
    if (done <= 0) {
        return done;
    }
    if (found.value == NULL) {
        collected->deep = 1;
        return 1;
    }
    PyObject *value = found.value;
    PyTypeObject *type = Py_TYPE(value);
    if (found.receiver != NULL || is_proxy(type)) {
        done = 0;
    }
    else if ((done = note_changed(collected, value)) > 0) {
        int passive = type == &PyMemoryView_Type ? 0 : is_listed(type);
        if (passive == 0 && type != &PyMemoryView_Type) {
            passive = is_passive(collected, value);
        }
        done = passive == 0 ? add_reach(collected, value) : passive;
    }
    forget_found(&found);
    return done;
}

/* LineChanges._roots, into `reach`. */
static int
reach_roots(Collected *collected)
{
    Paths *roots = &collected->effects->roots;
    for (Py_ssize_t place = 0; place < roots->count; place++) {
        Found found;
        int done = hs_follow(roots->at[place], collected->state, &found);
        if (done > 0 && found.receiver != NULL) {
            done = 0;
        }
        else if (done > 0 && found.value != NULL && !hs_is_scalar(found.value)) {
            done = add_reach(collected, found.value);
        }
        forget_found(&found);
        if (done <= 0) {
            return done;
        }
    }
    return 1;
}

static int
note_operand(Collected *collected, const Path *path)
{
    Found found;
    int done = hs_follow(path, collected->state, &found);
    if (done <= 0) {
        return done;
    }
    if (found.value == NULL) {
        int is_fast = ((HsCodePlan *)collected->state->plan)->fast;
        return collected->objects->has_default_dicts || !is_fast ? reach_roots(collected) : 1;
    }
    if (found.receiver == NULL) {
        int passive = is_listed(Py_TYPE(found.value));
        if (passive == 0) {
            passive = is_passive(collected, found.value);
        }
        done = passive == 0 ? add_reach(collected, found.value) : passive;
    }
    forget_found(&found);
    return done;
}

/* ---- Calls ---- */

/* LineChanges._argument. */
static int
note_argument(Collected *collected, Found *found)
{
    PyObject *value = found->value;
    PyTypeObject *type = Py_TYPE(value);
    if (found->receiver != NULL) {
        int done = note_changed(collected, found->receiver);
        if (done > 0 && Py_IS_TYPE(value, &PyFunction_Type)) {
            int recorded = function_recorded(collected, value);
            done = recorded == 0 ? add_reach(collected, found->receiver) : recorded;
        }
        return done;
    }
    if (type == &PyCFunction_Type) {
        PyObject *owner = PyCFunction_GET_SELF(value);
        return owner != NULL && owner != Py_None && !Py_IS_TYPE(owner, &PyModule_Type)
                   ? add_reach(collected, owner)
                   : 1;
    }
    int passive = type == &PyFunction_Type ? function_recorded(collected, value)
                                           : is_listed(type);
    if (passive == 0 && type != &PyFunction_Type) {
        passive = is_passive(collected, value);
    }
    return passive == 0 ? add_reach(collected, value) : passive;
}

/* Unknown code may go on from it whenever it runs. */
static int
escape(Collected *collected, HsEntry *entry)
{
    PyObject *oid = PyLong_FromLongLong(entry->oid);
    int put = oid == NULL
                  ? -1
                  : PyDict_SetItem(collected->changes->escaped, oid, (PyObject *)entry);
    Py_XDECREF(oid);
    return put < 0 ? -1 : 1;
}

/* LineChanges._unknown of one thing that it is given. */
static int
give(Collected *collected, PyObject *value)
{
    if (hs_is_scalar(value)) {
        return 1;
    }
    if (add_reach(collected, value) < 0) {
        return -1;
    }
    HsEntry *entry = hs_entry_at(collected->objects, value);
    return entry == NULL ? 1 : escape(collected, entry);
}

static int
give_entry(Collected *collected, HsEntry *entry)
{
    return add_reach(collected, (PyObject *)entry) < 0 ? -1 : escape(collected, entry);
}

static int
give_path(Collected *collected, const Path *path)
{
    Found found;
    int done = hs_follow(path, collected->state, &found);
    if (done > 0 && found.value != NULL) {
        done = give(collected, found.receiver != NULL ? found.receiver : found.value);
    }
    forget_found(&found);
    return done;
}

static int
note_unknown(Collected *collected, CallPlan *call, PyObject *receiver)
{
    collected->deep = 1;
    for (Py_ssize_t place = 0; place < call->args.count; place++) {
        int done = give_path(collected, call->args.at[place]);
        if (done <= 0) {
            return done;
        }
    }
    int done = give_path(collected, call->receiver);
    return done <= 0 || receiver == NULL ? done : give(collected, receiver);
}

/* Is a function applied to what is in the other arguments, and may it change that unseen? Then only
 * Python knows: 0 ask it, 1 no. */
static int
applies_nothing(Collected *collected, PyObject *callee, CallPlan *call)
{
    int acts = !call->complete;
    for (Py_ssize_t place = 0; !acts && place < call->args.count; place++) {
        Found found;
        int done = hs_follow(call->args.at[place], collected->state, &found);
        if (done > 0 && found.value != NULL && hs_may_act(found.value)) {
            acts = 1;
            if (Py_IS_TYPE(found.value, &PyFunction_Type)) {
                int recorded = function_recorded(collected, found.value);
                acts = !recorded;
                done = recorded < 0 ? -1 : done;
            }
        }
        forget_found(&found);
        if (done <= 0) {
            return done;
        }
    }
    if (!acts) {
        return 1;
    }
    PyObject *answer = PyObject_CallOneArg(hs.applies, callee);
    int applies = answer == NULL ? -1 : PyObject_IsTrue(answer);
    Py_XDECREF(answer);
    return applies < 0 ? -1 : !applies;
}

static int
note_arguments(Collected *collected, CallPlan *call)
{
    for (Py_ssize_t place = 0; place < call->args.count; place++) {
        Found found;
        int done = hs_follow(call->args.at[place], collected->state, &found);
        if (done > 0 && found.value != NULL) {
            done = note_argument(collected, &found);
        }
        forget_found(&found);
        if (done <= 0) {
            return done;
        }
    }
    return 1;
}

/* builtin_effects.effect_of; -1 failed. */
static int
effect_of(PyObject *function)
{
    PyObject *known = hs_map_get((HsIdMap *)hs.effects, function);
    if (known != NULL) {
        return (int)PyLong_AsLong(known);
    }
    PyTypeObject *type = Py_TYPE(function);
    if (type == &PyMethodDescr_Type || type == &PyWrapperDescr_Type
        || type == &PyClassMethodDescr_Type) {
        return EFFECT_UNKNOWN_C;
    }
    if (type != &PyCFunction_Type) {
        return EFFECT_UNKNOWN;
    }
    PyObject *answer = PyObject_CallOneArg(hs.effect_of, function);
    int effect = answer == NULL ? -1 : (int)PyLong_AsLong(answer);
    Py_XDECREF(answer);
    return effect;
}

/* The function in a type that a method in C, bound to `owner`, was made of: borrowed, or itself. */
static PyObject *
behind_builtin(PyObject *function, PyObject *owner)
{
    const char *name = ((PyCFunctionObject *)function)->m_ml->ml_name;
    PyObject *text = PyUnicode_InternFromString(name);
    PyObject *found = text == NULL ? NULL : _PyType_Lookup(Py_TYPE(owner), text);
    Py_XDECREF(text);
    return found != NULL ? found : function;
}

/* Is the first argument something that only this line has? */
static int
has_new_first(CallPlan *call)
{
    return call->args.count == 0
           || (call->args.at[0] != NULL && call->args.at[0]->kind == PATH_NEW);
}

/* What a function changes that changes its receiver or first argument. */
static int
note_first(Collected *collected, CallPlan *call, PyObject *receiver)
{
    if (receiver != NULL) {
        return note_changed(collected, receiver);
    }
    if (!call->complete) {
        return note_unknown(collected, call, NULL);
    }
    if (call->args.count == 0) {
        return 1;
    }
    Found found;
    int done = hs_follow(call->args.at[0], collected->state, &found);
    if (done > 0 && found.value != NULL) {
        /* A method that was only looked up is an object of nobody. */
        done = found.receiver != NULL ? 1 : note_changed(collected, found.value);
    }
    else if (done > 0 && !has_new_first(call)) {
        collected->deep = 1;
    }
    forget_found(&found);
    return done;
}

/* A function in C of which nothing is known reaches what it is given. */
static int
reach_arguments(Collected *collected, CallPlan *call, PyObject *receiver)
{
    if (receiver != NULL && add_reach(collected, receiver) < 0) {
        return -1;
    }
    int acts = 0, hidden = !call->complete;
    for (Py_ssize_t place = 0; place < call->args.count; place++) {
        Found found;
        int done = hs_follow(call->args.at[place], collected->state, &found);
        if (done > 0 && found.value == NULL) {
            hidden = 1;
        }
        else if (done > 0) {
            acts |= hs_may_act(found.value);
            done = found.receiver != NULL ? 0 : add_reach(collected, found.value);
        }
        forget_found(&found);
        if (done <= 0) {
            return done;
        }
    }
    return acts && hidden ? 0 : 1;
}

/* LineChanges._builtin. */
static int
note_builtin(Collected *collected, PyObject *callee, PyObject *receiver, CallPlan *call)
{
    if (Py_IS_TYPE(callee, &PyCFunction_Type) && receiver == NULL) {
        PyObject *owner = PyCFunction_GET_SELF(callee);
        if (owner != NULL && owner != Py_None && !Py_IS_TYPE(owner, &PyModule_Type)) {
            receiver = owner;
            callee = behind_builtin(callee, owner);
        }
    }
    int effect = effect_of(callee), done = 1;
    if (effect < 0) {
        return -1;
    }
    if (effect == EFFECT_UNKNOWN) {
        int passive = is_passive(collected, callee);
        if (passive != 0) {
            return passive;
        }
        done = note_unknown(collected, call, receiver);
        return done <= 0 ? done : add_reach(collected, callee);
    }
    if ((effect == EFFECT_PURE || effect == EFFECT_FIRST)
        && (done = applies_nothing(collected, callee, call)) <= 0) {
        return done;
    }
    if (effect == EFFECT_FIRST) {
        done = note_first(collected, call, receiver);
    }
    else if (effect != EFFECT_PURE) {
        return reach_arguments(collected, call, receiver);
    }
    else if (receiver != NULL && Py_TYPE(receiver) == hs.default_dict) {
        done = note_changed(collected, receiver);
    }
    return done <= 0 ? done : note_arguments(collected, call);
}

int
hs_calls_first(PyTypeObject *type)
{
    const char *const names[] = {"map",       "filter",    "starmap",
                                 "takewhile", "dropwhile", "filterfalse"};
    const char *name = strrchr(type->tp_name, '.');
    name = name == NULL ? type->tp_name : name + 1;
    for (size_t place = 0; place < Py_ARRAY_LENGTH(names); place++) {
        if (strcmp(name, names[place]) == 0) {
            return 1;
        }
    }
    return 0;
}

/* One of the builtin types is called. */
static int
note_pure_type(Collected *collected, PyTypeObject *type, CallPlan *call)
{
    int nothing = applies_nothing(collected, (PyObject *)type, call);
    if (nothing <= 0) {
        return nothing;
    }
    for (Py_ssize_t place = 0; place < call->args.count; place++) {
        Path *path = call->args.at[place], *first = call->args.at[0];
        Found found;
        int done = hs_follow(path, collected->state, &found);
        if (done > 0 && found.value != NULL) {
            done = note_argument(collected, &found);
        }
        else if (done > 0 && (path == NULL || first == NULL ? path == first
                                                            : path->source == first->source)
                 && hs_calls_first(type) && !has_new_first(call)) {
            collected->deep = 1;
        }
        forget_found(&found);
        if (done <= 0) {
            return done;
        }
    }
    return 1;
}

/* What `__new__` or `__init__` of a passive class does. */
static int
note_maker(Collected *collected, PyObject *found, CallPlan *call)
{
    PyObject *function = Py_IS_TYPE(found, &PyStaticMethod_Type)
                             ? PyObject_GetAttrString(found, "__func__")
                             : Py_NewRef(found);
    if (function == NULL) {
        return -1;
    }
    int done = 1;
    if (!Py_IS_TYPE(function, &PyFunction_Type)) {
        done = note_arguments(collected, call);
    }
    else if ((done = function_recorded(collected, function)) == 0) {
        PyCodeObject *code = (PyCodeObject *)((PyFunctionObject *)function)->func_code;
        int is_generated = PyUnicode_GET_LENGTH(code->co_filename) > 0
                           && PyUnicode_READ_CHAR(code->co_filename, 0) == '<';
        done = is_generated ? 1 : note_unknown(collected, call, NULL);
    }
    Py_DECREF(function);
    return done;
}

/* LineChanges._construct. */
static int
note_construct(Collected *collected, PyObject *cls, CallPlan *call)
{
    static PyObject *names[2];
    if (names[1] == NULL
        && ((names[0] = PyUnicode_InternFromString("__new__")) == NULL
            || (names[1] = PyUnicode_InternFromString("__init__")) == NULL)) {
        return -1;
    }
    PyObject *effect = hs_map_get((HsIdMap *)hs.effects, cls);
    if (effect != NULL && PyLong_AsLong(effect) == EFFECT_PURE) {
        return note_pure_type(collected, (PyTypeObject *)cls, call);
    }
    int passive = class_is_passive(collected, (PyTypeObject *)cls);
    if (passive <= 0) {
        return passive < 0 ? -1 : note_unknown(collected, call, NULL);
    }
    for (int which = 0; which < 2; which++) {
        PyObject *found = Py_XNewRef(_PyType_Lookup((PyTypeObject *)cls, names[which]));
        int done = found == NULL ? 1 : note_maker(collected, found, call);
        Py_XDECREF(found);
        if (done <= 0) {
            return done;
        }
    }
    return 1;
}

static int
note_callee(Collected *collected, PyObject *callee, PyObject *receiver, CallPlan *call)
{
    if (receiver == NULL && Py_IS_TYPE(callee, &PyMethod_Type)) {
        receiver = PyMethod_GET_SELF(callee);
        callee = PyMethod_GET_FUNCTION(callee);
    }
    if (Py_IS_TYPE(callee, &PyFunction_Type)) {
        int recorded = function_recorded(collected, callee);
        if (recorded != 0) {
            return recorded;
        }
        int done = note_unknown(collected, call, receiver);
        return done <= 0 ? done : add_reach(collected, callee);
    }
    return PyType_Check(callee) ? note_construct(collected, callee, call)
                                : note_builtin(collected, callee, receiver, call);
}

/* LineChanges._call. */
static int
note_call(Collected *collected, CallPlan *call)
{
    if (call->callee == NULL) {
        return note_unknown(collected, call, NULL);
    }
    if (call->is_made) {
        return 1;
    }
    Found found;
    int done = hs_follow(call->callee, collected->state, &found);
    if (done > 0) {
        done = found.value == NULL
                   ? note_unknown(collected, call, NULL)
                   : note_callee(collected, found.value, found.receiver, call);
    }
    forget_found(&found);
    return done;
}

/* ---- Calls that were seen when they began ---- */

/* Does an argument of a function change, unseen, what it is called with? LineChanges._acts_unseen of
 * what is common: 1 yes, 0 no, -1 failed, -2 ask Python. */
static int
acts_unseen(Collected *collected, Found *found)
{
    PyObject *value = found->value;
    if (Py_IS_TYPE(value, &PyFunction_Type)) {
        int recorded = function_recorded(collected, value);
        return recorded < 0 ? -1 : !recorded;
    }
    if (found->receiver != NULL || PyType_Check(value)) {
        return 0;
    }
    return hs_is_scalar(value) || Py_TYPE(value)->tp_call == NULL ? 0 : -2;
}

/* LineChanges._reach_is_told: 1 yes, 0 no, -1 failed, -2 ask Python. */
static int
reach_is_told(Collected *collected, CallPlan *call)
{
    int told = 1;
    for (Py_ssize_t place = 0; place < call->args.count; place++) {
        const Path *path = call->args.at[place];
        Found found;
        int done = hs_follow(path, collected->state, &found);
        int acts = done > 0 && found.value != NULL ? acts_unseen(collected, &found) : 0;
        if (done > 0 && found.value == NULL) {
            told &= path != NULL && path->kind == PATH_NEW;
        }
        forget_found(&found);
        if (done <= 0 || acts < 0) {
            return done < 0 ? -1 : done == 0 ? -2 : acts;
        }
        told &= !acts;
    }
    return told;
}

/* lifetimes.is_held: may somebody else than we hold it? */
static inline int
is_held(HsEntry *entry)
{
    enum { OURS = 1 };
    return !hs_is(entry->pin) || Py_REFCNT(entry->pin) > OURS;
}

/* The entries of what a call that was seen may change, which are alive. */
static int
entries_of(Collected *collected, HsSeenCall *seen, HsEntry *entries[2])
{
    HsEntry *found[2] = {
        hs_is(seen->changed) ? (HsEntry *)seen->changed : NULL,
        (HsEntry *)hs_map_get((HsIdMap *)collected->objects->by_id, (void *)(uintptr_t)seen->place),
    };
    int count = 0;
    for (int place = 0; place < 2; place++) {
        if (found[place] != NULL && found[place]->alive && is_held(found[place])) {
            entries[count++] = found[place];
        }
    }
    return count;
}

static int
add_given(Collected *collected, PyObject *given)
{
    for (Py_ssize_t place = 0; hs_is(given) && place < PySequence_Fast_GET_SIZE(given); place++) {
        HsEntry *entry = (HsEntry *)PySequence_Fast_GET_ITEM(given, place);
        if (entry->alive && add_target(collected, entry) < 0) {
            return -1;
        }
    }
    return 1;
}

/* LineChanges._seen. */
static int
note_seen(Collected *collected, HsSeenCall *seen, CallPlan *call)
{
    if (add_given(collected, seen->given) < 0) {
        return -1;
    }
    HsEntry *entries[2];
    int count = entries_of(collected, seen, entries), done = 1;
    int known = !seen->known ? 0 : seen->quiet ? 1 : reach_is_told(collected, call);
    if (known < 0) {
        return known == -1 ? -1 : 0;
    }
    if (!known) {
        done = note_unknown(collected, call, NULL);
    }
    for (int place = 0; done > 0 && place < count; place++) {
        done = known ? add_target(collected, entries[place])
                     : give_entry(collected, entries[place]);
    }
    return done > 0 && known ? note_arguments(collected, call) : done;
}

/* The plan of a call of the line that runs; NULL: it is another line's. */
static CallPlan *
plan_of_call(Effects *effects, PyObject *call)
{
    for (Py_ssize_t place = 0; place < effects->call_count; place++) {
        if (effects->calls[place].source == call) {
            return &effects->calls[place];
        }
    }
    return NULL;
}

static int
note_all_seen(Collected *collected)
{
    PyObject *calls = collected->state->calls;
    int done = 1;
    for (Py_ssize_t place = 0; done > 0 && calls != NULL && place < PyList_GET_SIZE(calls); place++) {
        HsSeenCall *seen = (HsSeenCall *)PyList_GET_ITEM(calls, place);
        CallPlan *call = plan_of_call(collected->effects, seen->call);
        done = call == NULL ? 0 : note_seen(collected, seen, call);
    }
    return done;
}

/* What a call that begins can be said to be. */
typedef struct {
    PyObject *receiver;     /* borrowed; NULL: nothing that it may change */
    int is_nothing;         /* recorded lines tell all */
    int known;
    int quiet;
} Verdict;

/* LineChanges._made_by_recorded. */
static int
made_by_recorded(Collected *collected, PyTypeObject *cls)
{
    int passive = Py_IS_TYPE(cls, &PyType_Type) ? class_is_passive(collected, cls) : 0;
    return passive <= 0 ? passive
                        : ask_truth(collected->changes, "_made_by_recorded", (PyObject *)cls);
}

/* LineChanges._judge_call: 1 judged, -1 failed. */
static int
judge(Collected *collected, PyObject *function, PyObject *first, Verdict *verdict)
{
    *verdict = (Verdict){.receiver = first};
    int recorded;
    if (Py_IS_TYPE(function, &PyMethod_Type)) {
        verdict->receiver = PyMethod_GET_SELF(function);
        function = PyMethod_GET_FUNCTION(function);
    }
    if (Py_IS_TYPE(function, &PyFunction_Type)) {
        recorded = function_recorded(collected, function);
        verdict->is_nothing = recorded > 0;
        return recorded < 0 ? -1 : 1;
    }
    if (PyType_Check(function)) {
        recorded = made_by_recorded(collected, (PyTypeObject *)function);
        verdict->receiver = first;
        verdict->is_nothing = recorded > 0;
        return recorded < 0 ? -1 : 1;
    }
    if (Py_IS_TYPE(function, &PyCFunction_Type)) {
        PyObject *owner = PyCFunction_GET_SELF(function);
        if (owner != NULL && owner != Py_None && !Py_IS_TYPE(owner, &PyModule_Type)) {
            verdict->receiver = owner;
            function = behind_builtin(function, owner);
        }
    }
    int effect = effect_of(function);
    int passive = effect == EFFECT_UNKNOWN ? is_passive(collected, function) : 0;
    if (effect < 0 || passive < 0) {
        return -1;
    }
    verdict->is_nothing = passive;
    verdict->known = effect == EFFECT_FIRST || effect == EFFECT_PURE;
    if (effect == EFFECT_PURE && verdict->receiver != NULL
        && Py_TYPE(verdict->receiver) != hs.default_dict) {
        verdict->receiver = NULL;
    }
    if (verdict->known) {
        PyObject *number = PyLong_FromVoidPtr(function);
        verdict->quiet = number == NULL ? -1 : PySet_Contains(hs.quiet, number);
        Py_XDECREF(number);
    }
    return verdict->quiet < 0 ? -1 : 1;
}

/* LineChanges._saw: a new reference. */
static HsSeenCall *
saw(Collected *collected, PyObject *call, const Verdict *verdict)
{
    HsSeenCall *seen = (HsSeenCall *)hs.seen_call->tp_alloc(hs.seen_call, 0);
    PyObject *value = verdict->receiver;
    if (seen == NULL) {
        return NULL;
    }
    seen->call = Py_NewRef(call);
    seen->known = (char)verdict->known;
    seen->quiet = (char)verdict->quiet;
    seen->given = Py_NewRef(hs.empty);
    if (value != NULL && !hs_is_scalar(value)) {
        if (Py_IS_TYPE(value, &PyModule_Type)) {
            value = PyModule_GetDict(value);
        }
        HsEntry *entry = hs_entry_at(collected->objects, value);
        if (entry == NULL) {
            entry = hs_owner_of(collected->objects, value);
        }
        seen->place = (uint64_t)(uintptr_t)value;
        seen->changed = Py_XNewRef(entry);
    }
    return seen;
}

/* Both: -1 failed. */
static int
append_targets(Collected *collected, PyObject *list)
{
    for (Py_ssize_t place = 0; place < collected->targets.count; place++) {
        if (PyList_Append(list, collected->targets.at[place]) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
append_reached(Collected *collected, PyObject *list)
{
    for (Py_ssize_t place = 0; place < collected->reach.count; place++) {
        PyObject *reached = collected->reach.at[place];
        HsEntry *entry = hs_is_entry(reached) ? (HsEntry *)reached
                                              : hs_entry_at(collected->objects, reached);
        if (entry != NULL && PyList_Append(list, (PyObject *)entry) < 0) {
            return -1;
        }
    }
    return 0;
}

/* LineChanges._found: a new list. */
static PyObject *
found_now(Collected *collected)
{
    PyObject *list = PyList_New(0);
    if (list != NULL
        && (append_targets(collected, list) < 0 || append_reached(collected, list) < 0)) {
        Py_CLEAR(list);
    }
    return list;
}

static int
see(Collected *collected, CallPlan *plan, PyObject *call, const Verdict *verdict, PyObject **seen)
{
    HsSeenCall *noted = saw(collected, call, verdict);
    int done = noted == NULL ? -1 : 1;
    if (done > 0 && !noted->quiet && (done = note_seen(collected, noted, plan)) > 0) {
        hs_replace(&noted->given, found_now(collected));
        done = noted->given == NULL ? -1 : 1;
    }
    if (done <= 0) {
        Py_CLEAR(noted);
    }
    *seen = (PyObject *)noted;
    return done;
}

int
hs_see(HsRecorder *recorder, HsFrameState *state, PyObject *call, PyObject *function,
       PyObject *first, PyObject **seen)
{
    *seen = NULL;
    HsLinePlan *running = (HsLinePlan *)state->running;
    if (!hs_is((PyObject *)running) || hs.quiet == NULL || hs.seen_call == NULL) {
        return 0;
    }
    Effects *effects = hs_effects_of(running, (HsCodePlan *)state->plan);
    CallPlan *plan = effects == NULL ? NULL : plan_of_call(effects, call);
    if (plan == NULL) {
        return effects == NULL ? -1 : 0;
    }
    Collected collected;
    Verdict verdict;
    begin(&collected, recorder, state, effects);
    int done = judge(&collected, function, first, &verdict);
    if (done > 0 && !verdict.is_nothing) {
        done = see(&collected, plan, call, &verdict, seen);
    }
    end(&collected);
    return done;
}

/* ---- From effects to objects ---- */

/* The line runs code that no path tells. */
static int
reach_escaped(Collected *collected)
{
    int done = reach_roots(collected);
    Py_ssize_t place = 0;
    PyObject *entry;
    while (done > 0 && PyDict_Next(collected->changes->escaped, &place, NULL, &entry)) {
        done = add_reach(collected, entry);
    }
    return done;
}

/* LineChanges._awaits_recorded. */
static int
awaits_recorded(Collected *collected, const AwaitPlan *await)
{
    Found found;
    int done = hs_follow(await->path, collected->state, &found), recorded = 0;
    PyObject *value = found.value;
    if (done > 0 && value != NULL && !await->is_result) {
        recorded = found.receiver == NULL && hs_is_suspendable(Py_TYPE(value))
                       ? is_passive(collected, value)
                       : 0;
    }
    else if (done > 0 && value != NULL) {
        if (found.receiver == NULL && Py_IS_TYPE(value, &PyMethod_Type)) {
            value = PyMethod_GET_FUNCTION(value);
        }
        recorded = Py_IS_TYPE(value, &PyFunction_Type) && hs_makes_suspended(value)
                       ? function_recorded(collected, value)
                       : 0;
    }
    forget_found(&found);
    return done <= 0 ? (done < 0 ? -1 : -2) : recorded;
}

/* Does a line wait for nothing but recorded code? 1 yes, 0 no, -1 failed, -2 ask Python. */
static int
awaits_recorded_alone(Collected *collected)
{
    Effects *effects = collected->effects;
    int recorded = 1;
    for (Py_ssize_t place = 0; recorded > 0 && place < effects->await_count; place++) {
        recorded = awaits_recorded(collected, &effects->awaits[place]);
    }
    return recorded;
}

/* LineChanges._collect. */
static int
collect(Collected *collected)
{
    Effects *effects = collected->effects;
    if (effects->in_python) {
        return 0;
    }
    int done = 1;
    for (Py_ssize_t place = 0; done > 0 && place < effects->store_count; place++) {
        done = note_store(collected, effects->stores[place].target);
    }
    int told = ((HsCodePlan *)collected->state->plan)->sees_calls;
    for (Py_ssize_t place = 0; done > 0 && place < effects->call_count; place++) {
        if (!effects->calls[place].has_site || !told) {
            done = note_call(collected, &effects->calls[place]);
        }
    }
    if (done > 0) {
        done = note_all_seen(collected);
    }
    for (Py_ssize_t place = 0; done > 0 && place < effects->operands.count; place++) {
        done = note_operand(collected, effects->operands.at[place]);
    }
    if (effects->anonymous && collected->objects->has_default_dicts) {
        collected->deep = 1;
    }
    if (done <= 0 || (!effects->runs_code && effects->await_count == 0)) {
        return done;
    }
    int recorded = effects->runs_code ? 0 : awaits_recorded_alone(collected);
    if (recorded < 0) {
        return recorded == -1 ? -1 : 0;
    }
    return recorded > 0 ? 1 : reach_escaped(collected);
}

static int
left_to_python(HsLinePlan *plan)
{
    return hs_is(plan->resizes) && PyTuple_GET_SIZE(plan->resizes) > 0;
}

static inline int
has_calls(HsFrameState *state)
{
    return state->calls != NULL && PyList_GET_SIZE(state->calls) > 0;
}

static PyObject *
found_list(Collected *collected)
{
    PyObject *list = PyList_New(0);
    int reaches = collected->reach.count > 0 || collected->deep;
    if (list != NULL
        && (append_targets(collected, list) < 0 || (reaches && PyList_Append(list, Py_None) < 0)
            || append_reached(collected, list) < 0
            || (collected->deep && PyList_Append(list, Py_None) < 0))) {
        Py_CLEAR(list);
    }
    return list;
}

PyObject *
hs_before(HsRecorder *recorder, HsFrameState *state, HsLinePlan *plan)
{
    Effects *effects = left_to_python(plan)
                           ? NULL
                           : hs_effects_of(plan, (HsCodePlan *)state->plan);
    int done = effects == NULL && PyErr_Occurred() ? -1 : 0;
    PyObject *found = NULL;
    if (effects != NULL && !has_calls(state)
        && (done = hs_quick_before(recorder, state, effects, &found)) != 0) {
        return done < 0 ? NULL : found;
    }
    if (effects != NULL) {
        Collected collected;
        begin(&collected, recorder, state, effects);
        done = collect(&collected);
        if (done > 0) {
            int is_empty = collected.targets.count == 0 && collected.reach.count == 0
                           && !collected.deep;
            found = is_empty ? Py_NewRef(hs.empty) : found_list(&collected);
        }
        end(&collected);
    }
    return done == 0 ? hs_answer(recorder->changes, "before", (PyObject *)state,
                                 (PyObject *)plan, NULL)
                     : found;
}

/* ---- After a line ---- */

/* Takes in what was found before the line: LineChanges.before. */
static int
add_before(Collected *collected)
{
    PyObject *before = collected->state->before;
    Py_ssize_t count = PyList_Check(before) ? PyList_GET_SIZE(before) : 0;
    int marks = 0;
    for (Py_ssize_t place = 0; place < count; place++) {
        PyObject *found = PyList_GET_ITEM(before, place);
        if (found == Py_None) {
            marks++;
        }
        else if (((HsEntry *)found)->alive
                 && (add_target(collected, (HsEntry *)found) < 0
                     || (marks > 0 && add_reach(collected, found) < 0))) {
            return -1;
        }
    }
    collected->deep |= marks > 1;
    return 0;
}

static int
compare_targets(Collected *collected)
{
    for (Py_ssize_t place = 0; place < collected->targets.count; place++) {
        if (hs_compare(collected->objects, (HsEntry *)collected->targets.at[place], NULL) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
finish(Collected *collected)
{
    if (add_before(collected) < 0) {
        return -1;
    }
    if (collected->deep) {
        /* Python's walk begins with the roots behind all else. */
        int rooted = reach_roots(collected);
        if (rooted <= 0) {
            return rooted;
        }
    }
    if (compare_targets(collected) < 0
        || ((collected->reach.count > 0 || collected->deep)
            && hs_walk(collected->changes, collected->reach.at, collected->reach.count,
                       collected->deep)
                   < 0)) {
        return -1;
    }
    return 1;
}

static int
ask_after(HsRecorder *recorder, HsFrameState *state, HsLinePlan *plan)
{
    PyObject *deep =
        hs_answer(recorder->changes, "after", (PyObject *)state, (PyObject *)plan, NULL);
    int was_deep = deep == NULL ? -1 : PyObject_IsTrue(deep);
    Py_XDECREF(deep);
    return was_deep;
}

int
hs_after(HsRecorder *recorder, HsFrameState *state, HsLinePlan *plan)
{
    Effects *effects = left_to_python(plan)
                           ? NULL
                           : hs_effects_of(plan, (HsCodePlan *)state->plan);
    int done = effects == NULL && PyErr_Occurred() ? -1 : 0, deep = 0;
    if (effects != NULL && !has_calls(state)
        && (done = hs_quick_after(recorder, state, effects)) != 0) {
        return done < 0 ? -1 : 0;
    }
    if (effects != NULL) {
        Collected collected;
        begin(&collected, recorder, state, effects);
        if ((done = collect(&collected)) > 0) {
            done = finish(&collected);
            deep = collected.deep;
        }
        end(&collected);
    }
    if (done != 0) {
        return done < 0 ? -1 : deep;
    }
    return ask_after(recorder, state, plan);
}
