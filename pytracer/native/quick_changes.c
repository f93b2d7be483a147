/* What has a line changed, when that can be seen at a glance?
 *
 * First all that the line did is looked at (hs_peek), without a change to anything. When each part of
 * it is of a known kind, what was stored is compared: the one element or attribute where nothing else
 * of the object can have changed. The log is the same as that of line_changes.c, event for event. */
#include "glance.h"
#include "peek.h"
#include "events.h"

/* ---- Kinds of objects: 1 yes, 0 not at a glance ---- */

static inline int
is_recorded(Glance *glance, PyObject *code)
{
    HsCodePlan *plan = hs_plan_of(glance->recorder, (PyCodeObject *)code);
    return plan != NULL && plan->recorded;
}

static inline int
is_recorded_function(Glance *glance, PyObject *function)
{
    return is_recorded(glance, ((PyFunctionObject *)function)->func_code);
}

/* Is it known of the type that its special methods run no code unseen? */
static int
is_passive_type(Glance *glance, PyTypeObject *type)
{
    if (hs_is_scalar_type(type) || type == &PyList_Type || type == &PyDict_Type
        || type == &PyTuple_Type || type == &PySet_Type || type == &PyFunction_Type) {
        return 1;
    }
    HsLayout *layout = (HsLayout *)hs_map_get((HsIdMap *)hs.layouts, type);
    if (layout == NULL || !layout->ready
        || ((PyWeakReference *)layout->ref)->wr_object != (PyObject *)type) {
        return 0;
    }
    return layout->listed
           || (layout->passive == Py_True
               && layout->passive_count == glance->modules);
}

static int
is_passive(Glance *glance, PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);
    if (hs_is_suspendable(type)) {
        PyObject *code = hs_generator_code(value);
        int recorded = code != NULL && is_recorded(glance, code);
        Py_XDECREF(code);
        return recorded;
    }
    if (type == &PyMethod_Type) {
        PyObject *function = PyMethod_GET_FUNCTION(value);
        return Py_IS_TYPE(function, &PyFunction_Type) && is_recorded_function(glance, function);
    }
    return is_passive_type(glance, type);
}

/* It is, or it was not seen to be: then that is found out. */
static int
find_passive(Glance *glance, Memory *memory, PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);
    if (!is_passive(glance, value)) {
        return 0;
    }
    /* Of these it is not the type that tells. */
    if (!hs_is_suspendable(type) && type != &PyMethod_Type) {
        memory->passive_type = type;
        memory->passive_version = type->tp_version_tag;
        memory->passive_count = glance->modules;
    }
    return 1;
}

/* The same as is_passive, by what was found out about the path's values before. */
static inline int
is_passive_there(Glance *glance, Path *path, PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);
    Memory *memory = &path->memory;
    return hs_is_scalar_type(type)
           || (memory->passive_type == type && memory->passive_version == type->tp_version_tag
               && memory->passive_version != 0 && memory->passive_count == glance->modules)
           || find_passive(glance, memory, value);
}

/* ---- What is changed ---- */

static Target *
target_of(Glance *glance, HsEntry *entry)
{
    for (int place = 0; place < glance->count; place++) {
        if (glance->targets[place].entry == entry) {
            return &glance->targets[place];
        }
    }
    return NULL;
}

/* Something of an object was changed; a second piece of one object makes it whole. */
static int
add_target(Glance *glance, HsEntry *entry, PyObject *object, Target piece)
{
    Target *there = target_of(glance, entry);
    if (there != NULL) {
        if (there->piece == ITEM && piece.piece == ITEM) {
            there->first = piece.first < there->first ? piece.first : there->first;
            there->last = piece.last > there->last ? piece.last : there->last;
        }
        else {
            there->piece = WHOLE;
        }
        there->stays &= piece.stays;
        return 1;
    }
    if (glance->count == HS_MOST_TARGETS) {
        return 0;
    }
    piece.entry = entry;
    piece.object = object;
    glance->targets[glance->count++] = piece;
    return 1;
}

/* An object that the log does not know: can it be the dict of an instance? */
static int
is_nobodys(Glance *glance, PyObject *value)
{
    HsIdMap *owners = (HsIdMap *)glance->objects->owners;
    return !(PyDict_Check(value) && hs_is_split(value))
           && (owners->used == 0 || hs_map_get(owners, value) == NULL);
}

/* Which places of a list were stored. */
static int
find_item(Glance *glance, StorePlan *store, HsEntry *entry, PyObject *list, Target *piece)
{
    PyObject *key, *receiver;
    Py_ssize_t place, size = PyList_GET_SIZE(list);
    if (!store->is_exact || entry->items == NULL || size != entry->total
        || hs_peek(store->key, glance->state, &key, &receiver) != PEEK_OBJECT
        || !hs_small_int(key, &place)) {
        return 0;
    }
    place += place < 0 ? size : 0;
    if (place < 0 || place >= size) {
        return 0;
    }
    piece->piece = ITEM;
    piece->first = piece->last = place;
    return 1;
}

static int
find_pair(Glance *glance, StorePlan *store, HsEntry *entry, Target *piece)
{
    PyObject *receiver;
    if (!store->is_exact || entry->kind != K_DICT || !hs_is(entry->keys)
        || hs_peek(store->key, glance->state, &piece->key, &receiver) != PEEK_OBJECT
        || !(PyUnicode_CheckExact(piece->key) || PyLong_CheckExact(piece->key))) {
        return 0;
    }
    piece->piece = PAIR;
    return 1;
}

static int
note_store(Glance *glance, StorePlan *store)
{
    PyObject *value, *receiver;
    if (hs_peek(store->target, glance->state, &value, &receiver) != PEEK_OBJECT) {
        return 0;
    }
    PyTypeObject *type = Py_TYPE(value);
    if (hs_is_scalar_type(type)) {
        return 1;
    }
    int is_list = type == &PyList_Type, is_dict = type == &PyDict_Type;
    if (!is_list && !is_dict
        && ((type->tp_flags & Py_TPFLAGS_HEAPTYPE) == 0 || PyType_Check(value)
            || !is_passive_there(glance, store->target, value))) {
        return 0;
    }
    HsEntry *entry = hs_entry_at(glance->objects, value);
    if (entry == NULL) {
        return is_nobodys(glance, value);
    }
    Target piece = {.store = store, .piece = WHOLE, .stays = hs_stays(store->target)};
    if (store->kind == STORE_ITEM && is_list) {
        find_item(glance, store, entry, value, &piece);
    }
    else if (store->kind == STORE_ITEM && is_dict) {
        find_pair(glance, store, entry, &piece);
    }
    else if (store->kind == STORE_ATTR && entry->kind == K_INSTANCE) {
        piece.piece = ATTR;
    }
    return add_target(glance, entry, value, piece);
}

/* ---- What is called ---- */

static int
note_argument(Glance *glance, Path *path)
{
    PyObject *value, *receiver;
    switch (hs_peek(path, glance->state, &value, &receiver)) {
    case PEEK_NOTHING:
        return 1;
    case PEEK_OBJECT:
        return Py_IS_TYPE(value, &PyFunction_Type)
                   ? is_recorded_function(glance, value)
                   : !hs_may_act(value) && is_passive_there(glance, path, value);
    case PEEK_METHOD:
    case PEEK_ASK:
        return 0;
    }
    return 0;
}

static int
note_arguments(Glance *glance, CallPlan *call)
{
    for (Py_ssize_t place = 0; place < call->args.count; place++) {
        if (call->args.at[place] != NULL && !note_argument(glance, call->args.at[place])) {
            return 0;
        }
    }
    return 1;
}

/* Which piece of its receiver does a method of the interpreter's containers change? */
static Piece
piece_of(PyObject *method, Py_ssize_t arg_count)
{
    static const struct {
        char type;      /* its first letter, q for deque */
        const char *name;
        Piece piece;
    } PIECES[] = {
        {'l', "append", APPEND},           {'l', "pop", POP},
        {'l', "insert", SIZE},             {'l', "remove", SIZE},
        {'l', "extend", SIZE},             {'l', "clear", SIZE},
        {'d', "pop", SIZE},                {'d', "popitem", SIZE},
        {'d', "setdefault", SIZE},         {'d', "clear", SIZE},
        {'s', "add", SIZE},                {'s', "discard", SIZE},
        {'s', "remove", SIZE},             {'s', "pop", SIZE},
        {'s', "clear", SIZE},              {'s', "update", SIZE},
        {'s', "difference_update", SIZE},  {'s', "intersection_update", SIZE},
        {'q', "append", APPEND},           {'q', "pop", POP},
        {'q', "popleft", POP_LEFT},        {'q', "remove", SIZE},
    };
    if (!Py_IS_TYPE(method, &PyMethodDescr_Type)) {
        return WHOLE;
    }
    PyTypeObject *type = PyDescr_TYPE(method);
    char letter = type == &PyList_Type   ? 'l'
                  : type == &PyDict_Type ? 'd'
                  : type == &PySet_Type  ? 's'
                  : type == hs.deque     ? 'q'
                                         : '?';
    const char *name = ((PyMethodDescrObject *)method)->d_method->ml_name;
    for (size_t place = 0; place < Py_ARRAY_LENGTH(PIECES); place++) {
        if (letter == PIECES[place].type && strcmp(name, PIECES[place].name) == 0) {
            Piece piece = PIECES[place].piece;
            /* `list.pop` takes from where it is told. */
            return piece == POP && arg_count > 0 ? SIZE : piece;
        }
    }
    return WHOLE;
}

/* An object that a function of the interpreter changes. */
static int
note_changed(Glance *glance, PyObject *value, Piece what, int stays)
{
    if (hs_is_scalar(value)) {
        return 1;
    }
    HsEntry *entry = hs_entry_at(glance->objects, value);
    if (entry == NULL) {
        return !Py_IS_TYPE(value, &PyModule_Type) && is_nobodys(glance, value);
    }
    Target piece = {.piece = what, .stays = stays};
    return add_target(glance, entry, value, piece);
}

static int
note_builtin(Glance *glance, PyObject *callee, PyObject *receiver, CallPlan *call)
{
    PyTypeObject *type = Py_TYPE(callee);
    if (receiver != NULL && hs_is_suspendable(Py_TYPE(receiver))) {
        /* `send` and its like run code that is recorded. */
        return type == &PyMethodDescr_Type && is_passive(glance, receiver)
               && note_arguments(glance, call);
    }
    if (type == &PyCFunction_Type) {
        PyObject *owner = PyCFunction_GET_SELF(callee);
        if (receiver != NULL || (owner != NULL && !Py_IS_TYPE(owner, &PyModule_Type))) {
            return 0;
        }
    }
    if (call->builtin != callee) {
        PyObject *known = hs_map_get((HsIdMap *)hs.effects, callee);
        if (known == NULL) {
            return 0;
        }
        call->builtin_effect = (int)PyLong_AsLong(known);
        call->builtin_piece = (int)piece_of(callee, call->args.count);
        call->builtin = callee;
    }
    int effect = call->builtin_effect;
    if (effect == EFFECT_PURE) {
        /* What is spread may be a function that is called. */
        if ((receiver != NULL && Py_TYPE(receiver) == hs.default_dict)
            || (!call->complete && call->args.count > 1)) {
            return 0;
        }
    }
    else if (effect != EFFECT_FIRST) {
        return 0;
    }
    else if (receiver != NULL) {
        /* A subclass may change more of its objects. */
        Piece piece = (Piece)call->builtin_piece;
        if (piece != WHOLE && !Py_IS_TYPE(receiver, PyDescr_TYPE(callee))) {
            piece = WHOLE;
        }
        if (!note_changed(glance, receiver, piece, hs_stays(call->callee->first))) {
            return 0;
        }
    }
    else {
        PyObject *first, *none;
        if (!call->complete || call->args.count == 0 || call->args.at[0] == NULL
            || hs_peek(call->args.at[0], glance->state, &first, &none) != PEEK_OBJECT
            || !note_changed(glance, first, WHOLE, hs_stays(call->args.at[0]))) {
            return 0;
        }
    }
    return note_arguments(glance, call);
}

/* Does the making of an instance of a recorded class say nothing but by its own lines? */
static int
is_quiet_class(Glance *glance, PyTypeObject *cls)
{
    static PyObject *names[2];
    if (names[1] == NULL
        && ((names[0] = PyUnicode_InternFromString("__new__")) == NULL
            || (names[1] = PyUnicode_InternFromString("__init__")) == NULL)) {
        PyErr_Clear();
        return 0;
    }
    PyObject *make = _PyType_Lookup(cls, names[0]), *fill = _PyType_Lookup(cls, names[1]);
    /* A maker in C (`object.__new__`, an exception's) looks at no more than its arguments. */
    return make != NULL && fill != NULL && Py_IS_TYPE(make, &PyCFunction_Type)
           && Py_IS_TYPE(fill, &PyFunction_Type) && is_recorded_function(glance, fill);
}

/* One of the builtin types is called. */
static int
note_pure_type(Glance *glance, PyTypeObject *type, CallPlan *call)
{
    if (call->pure_type != type) {
        call->calls_first = hs_calls_first(type);
        call->pure_type = type;
    }
    if (call->calls_first && !call->complete) {
        return 0;
    }
    for (Py_ssize_t place = 0; place < call->args.count; place++) {
        PyObject *value, *receiver;
        Path *path = call->args.at[place];
        Peek found = hs_peek(path, glance->state, &value, &receiver);
        /* What is called by it may be among the arguments. */
        if (found == PEEK_NOTHING ? call->calls_first
                                  : found != PEEK_OBJECT || hs_may_act(value)
                                        || !is_passive_there(glance, path, value)) {
            return 0;
        }
    }
    return 1;
}

static int
note_class(Glance *glance, PyTypeObject *cls, CallPlan *call)
{
    PyObject *known = hs_map_get((HsIdMap *)hs.effects, cls);
    if (known != NULL && PyLong_AsLong(known) == EFFECT_PURE) {
        return note_pure_type(glance, cls, call);
    }
    if (!is_passive_type(glance, cls)) {
        return 0;
    }
    if (call->quiet_class == cls && call->quiet_version == cls->tp_version_tag
        && call->quiet_version != 0) {
        return note_arguments(glance, call);
    }
    if (!is_quiet_class(glance, cls)) {
        return 0;
    }
    call->quiet_class = cls;
    call->quiet_version = cls->tp_version_tag;
    return note_arguments(glance, call);
}

static int
note_call(Glance *glance, CallPlan *call)
{
    PyObject *callee, *receiver;
    if (call->is_made) {
        return 1;
    }
    Peek found = call->callee == NULL
                     ? PEEK_ASK
                     : hs_peek(call->callee, glance->state, &callee, &receiver);
    if (found != PEEK_OBJECT && found != PEEK_METHOD) {
        return 0;
    }
    if (receiver == NULL && Py_IS_TYPE(callee, &PyMethod_Type)) {
        receiver = PyMethod_GET_SELF(callee);
        callee = PyMethod_GET_FUNCTION(callee);
    }
    if (Py_IS_TYPE(callee, &PyFunction_Type)) {
        return is_recorded_function(glance, callee);
    }
    if (Py_TYPE(callee)->tp_call == NULL) {
        /* What `raise ... from` names: only a class would be called. */
        return note_arguments(glance, call);
    }
    return PyType_Check(callee) ? note_class(glance, (PyTypeObject *)callee, call)
                                : note_builtin(glance, callee, receiver, call);
}

/* ---- All of a line ---- */

static inline int
note_operand(Glance *glance, Path *path)
{
    PyObject *value, *receiver;
    if (path != NULL && path->kind == PATH_SLOT
        && hs_is_scalar(PyList_GET_ITEM(glance->state->values, path->slot))) {
        return 1;
    }
    switch (hs_peek(path, glance->state, &value, &receiver)) {
    case PEEK_NOTHING:
        return !glance->objects->has_default_dicts && ((HsCodePlan *)glance->state->plan)->fast;
    case PEEK_OBJECT:
        return is_passive_there(glance, path, value);
    case PEEK_METHOD:
        return 1;
    case PEEK_ASK:
        return 0;
    }
    return 0;
}

static int
note_await(Glance *glance, AwaitPlan *await)
{
    PyObject *value, *receiver;
    Peek found = hs_peek(await->path, glance->state, &value, &receiver);
    if (found != PEEK_OBJECT && found != PEEK_METHOD) {
        return 0;
    }
    if (!await->is_result) {
        return found == PEEK_OBJECT && hs_is_suspendable(Py_TYPE(value))
               && is_passive(glance, value);
    }
    if (receiver == NULL && Py_IS_TYPE(value, &PyMethod_Type)) {
        value = PyMethod_GET_FUNCTION(value);
    }
    return Py_IS_TYPE(value, &PyFunction_Type) && hs_makes_suspended(value)
           && is_recorded_function(glance, value);
}

static int
look(Glance *glance)
{
    Effects *effects = glance->effects;
    if (effects->in_python || effects->runs_code
        || (effects->anonymous && glance->objects->has_default_dicts)) {
        return 0;
    }
    for (Py_ssize_t place = 0; place < effects->operands.count; place++) {
        if (!note_operand(glance, effects->operands.at[place])) {
            return 0;
        }
    }
    for (Py_ssize_t place = 0; place < effects->store_count; place++) {
        if (!note_store(glance, &effects->stores[place])) {
            return 0;
        }
    }
    int told = ((HsCodePlan *)glance->state->plan)->sees_calls;
    for (Py_ssize_t place = 0; place < effects->call_count; place++) {
        CallPlan *call = &effects->calls[place];
        if ((!call->has_site || !told) && !note_call(glance, call)) {
            return 0;
        }
    }
    for (Py_ssize_t place = 0; place < effects->await_count; place++) {
        if (!note_await(glance, &effects->awaits[place])) {
            return 0;
        }
    }
    return 1;
}

/* ---- Comparing ---- */

static int
compare_target(Glance *glance, Target *target)
{
    HsObjects *objects = glance->objects;
    HsEntry *entry = target->entry;
    int done = 0;
    if (target->piece != WHOLE && hs_can_be_piece(target)) {
        if (objects->any_unknown && hs_compared_again(objects, entry) < 0) {
            return -1;
        }
        switch (target->piece) {
        case ITEM:
            done = hs_compare_places(objects, entry, target->object, target->first, target->last);
            break;
        case PAIR:
            done = hs_compare_pair(objects, entry, target->object, target->key);
            break;
        case ATTR:
            done = hs_compare_attr(objects, entry, target->object, target->store->name,
                                   &target->store->seen);
            break;
        case APPEND:
            done = hs_compare_end(objects, entry, target->object);
            break;
        case POP:
            done = hs_compare_pop(objects, entry, target->object, 0);
            break;
        case POP_LEFT:
            done = hs_compare_pop(objects, entry, target->object, 1);
            break;
        case SIZE:
            done = hs_size_stays(entry, target->object);
            break;
        case WHOLE:
            break;
        }
    }
    return done != 0 ? done : hs_compare(objects, entry, NULL) < 0 ? -1 : 1;
}

static int
compare_all(Glance *glance)
{
    int done = 1;
    for (int place = 0; done > 0 && place < glance->count; place++) {
        Target *target = &glance->targets[place];
        if (!target->entry->alive || !target->entry->mapped) {
            continue;
        }
        HsEntry *entry = (HsEntry *)Py_NewRef(target->entry);
        PyObject *object = Py_NewRef(target->object), *key = Py_XNewRef(target->key);
        done = compare_target(glance, target);
        Py_DECREF(object);
        Py_XDECREF(key);
        Py_DECREF(entry);
    }
    return done;
}

static void
begin(Glance *glance, HsRecorder *recorder, HsFrameState *state, Effects *effects)
{
    glance->recorder = recorder;
    glance->objects = (HsObjects *)recorder->objects;
    glance->state = state;
    glance->effects = effects;
    glance->modules = PySet_GET_SIZE(glance->objects->own_modules);
    glance->count = 0;
}

/* What was found before the line is compared behind the rest. */
static int
add_before(Glance *glance)
{
    PyObject *before = glance->state->before;
    for (int place = 0; place < glance->count; place++) {
        glance->targets[place].piece = WHOLE;
    }
    for (Py_ssize_t place = 0; place < PyList_GET_SIZE(before); place++) {
        HsEntry *entry = (HsEntry *)PyList_GET_ITEM(before, place);
        if ((PyObject *)entry == Py_None) {
            /* Unknown code may have reached more. */
            return 0;
        }
        if (entry->alive && target_of(glance, entry) == NULL) {
            Target piece = {.piece = WHOLE};
            PyObject *object = (PyObject *)(uintptr_t)entry->key;
            if (!entry->mapped || !add_target(glance, entry, object, piece)) {
                return 0;
            }
        }
    }
    return 1;
}

int
hs_quick_after(HsRecorder *recorder, HsFrameState *state, Effects *effects)
{
    Glance glance;
    begin(&glance, recorder, state, effects);
    effects->declined = !look(&glance)
                        || (PyList_CheckExact(state->before) && PyList_GET_SIZE(state->before) > 0
                            && !add_before(&glance));
    if (effects->declined) {
        return 0;
    }
    return glance.count == 0 ? 1 : compare_all(&glance);
}

/* What was seen last: good until anything runs. */
static Glance last;

HsSeen
hs_see_at_once(HsRecorder *recorder, HsFrameState *state, Effects *effects)
{
    begin(&last, recorder, state, effects);
    effects->declined = !look(&last);
    return effects->declined ? HS_SEEN_NOT : hs_write_at_once(&last) ? HS_SEEN_ALL : HS_SEEN;
}

int
hs_compare_seen(HsRecorder *recorder)
{
    Glance glance = last;
    return glance.recorder == recorder ? compare_all(&glance) : 0;
}

int
hs_nothing_before(HsRecorder *recorder, HsFrameState *state, Effects *effects)
{
    begin(&last, recorder, state, effects);
    if (!look(&last)) {
        return 0;
    }
    for (int place = 0; place < last.count; place++) {
        if (!last.targets[place].stays || effects->rebinds) {
            return 0;
        }
    }
    return 1;
}

int
hs_quick_before(HsRecorder *recorder, HsFrameState *state, Effects *effects, PyObject **found)
{
    Glance glance;
    begin(&glance, recorder, state, effects);
    if (!look(&glance)) {
        return 0;
    }
    PyObject *list = NULL;
    for (int place = 0; place < glance.count; place++) {
        Target *target = &glance.targets[place];
        if (target->stays && !effects->rebinds) {
            continue;
        }
        if ((list == NULL && (list = PyList_New(0)) == NULL)
            || PyList_Append(list, (PyObject *)target->entry) < 0) {
            Py_XDECREF(list);
            return -1;
        }
    }
    *found = list != NULL ? list : Py_NewRef(hs.empty);
    return 1;
}
