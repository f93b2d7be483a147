/* What can a line change, in a form that is quick to ask? Made once of effects.LineEffects. */
#include "line_effects.h"

static void
free_paths(Paths *paths)
{
    for (Py_ssize_t place = 0; place < paths->count; place++) {
        hs_free_path(paths->at[place]);
    }
    PyMem_RawFree(paths->at);
}

static void
free_effects(void *compiled)
{
    Effects *effects = compiled;
    for (Py_ssize_t place = 0; place < effects->store_count; place++) {
        hs_free_path(effects->stores[place].target);
        hs_free_path(effects->stores[place].key);
        Py_XDECREF(effects->stores[place].name);
    }
    PyMem_RawFree(effects->stores);
    PyMem_RawFree(effects->scalar_slots);
    free_paths(&effects->operands);
    free_paths(&effects->roots);
    for (Py_ssize_t place = 0; place < effects->call_count; place++) {
        hs_free_path(effects->calls[place].callee);
        hs_free_path(effects->calls[place].receiver);
        free_paths(&effects->calls[place].args);
    }
    PyMem_RawFree(effects->calls);
    for (Py_ssize_t place = 0; place < effects->await_count; place++) {
        hs_free_path(effects->awaits[place].path);
    }
    PyMem_RawFree(effects->awaits);
    PyMem_RawFree(effects);
}

static int
add_path(Paths *paths, PyObject *source, HsCodePlan *plan)
{
    Path **grown = PyMem_RawRealloc(paths->at, sizeof(Path *) * (size_t)(paths->count + 1));
    if (grown == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    paths->at = grown;
    grown[paths->count] = NULL;
    return hs_compile_path(source, plan, &grown[paths->count++]);
}

/* Appends the paths of a tuple; takes over the reference, which may be NULL. */
static int
add_paths(Paths *paths, PyObject *tuple, HsCodePlan *plan)
{
    int done = tuple != NULL && PyTuple_CheckExact(tuple) ? 0 : -1;
    for (Py_ssize_t place = 0; done == 0 && place < PyTuple_GET_SIZE(tuple); place++) {
        done = add_path(paths, PyTuple_GET_ITEM(tuple, place), plan);
    }
    Py_XDECREF(tuple);
    return done;
}

static int
is_true(PyObject *object, const char *field)
{
    PyObject *value = PyObject_GetAttrString(object, field);
    int truth = value == NULL ? -1 : PyObject_IsTrue(value);
    Py_XDECREF(value);
    return truth;
}

static int
compile_field(PyObject *object, const char *field, HsCodePlan *plan, Path **path)
{
    PyObject *source = PyObject_GetAttrString(object, field);
    int done = source == NULL ? -1 : hs_compile_path(source, plan, path);
    Py_XDECREF(source);
    return done;
}

static int
compile_call(PyObject *call, HsCodePlan *plan, CallPlan *made)
{
    if (compile_field(call, "callee", plan, &made->callee) < 0
        || compile_field(call, "receiver", plan, &made->receiver) < 0
        || add_paths(&made->args, PyObject_GetAttrString(call, "args"), plan) < 0) {
        return -1;
    }
    made->source = call;
    PyObject *site = PyObject_GetAttrString(call, "site");
    made->has_site = site != NULL && PyLong_AsLong(site) >= 0;
    Py_XDECREF(site);
    made->complete = is_true(call, "complete");
    made->is_made = made->callee != NULL && made->callee->kind == PATH_NEW
                    && PyUnicode_CompareWithASCIIString(
                           PyTuple_GET_ITEM(made->callee->source, 0), "made")
                           == 0;
    return PyErr_Occurred() ? -1 : 0;
}

static int
compile_calls(PyObject *calls, HsCodePlan *plan, Effects *effects)
{
    if (calls == NULL) {
        return -1;
    }
    Py_ssize_t count = PyTuple_GET_SIZE(calls);
    effects->calls = PyMem_RawCalloc((size_t)count + 1, sizeof(CallPlan));
    int done = effects->calls == NULL ? -1 : 0;
    for (Py_ssize_t place = 0; done == 0 && place < count; place++) {
        effects->call_count++;
        done = compile_call(PyTuple_GET_ITEM(calls, place), plan, &effects->calls[place]);
    }
    Py_DECREF(calls);
    return done;
}

static int
compile_await(PyObject *source, HsCodePlan *plan, AwaitPlan *made)
{
    PyObject *kind = PyTuple_GET_ITEM(source, 0);
    made->is_result = PyUnicode_CompareWithASCIIString(kind, "result") == 0;
    return hs_compile_path(made->is_result ? PyTuple_GET_ITEM(source, 1) : source, plan,
                           &made->path);
}

static int
compile_awaits(PyObject *awaits, HsCodePlan *plan, Effects *effects)
{
    if (awaits == NULL) {
        return -1;
    }
    Py_ssize_t count = PyTuple_GET_SIZE(awaits);
    effects->awaits = PyMem_RawCalloc((size_t)count + 1, sizeof(AwaitPlan));
    int done = effects->awaits == NULL ? -1 : 0;
    for (Py_ssize_t place = 0; done == 0 && place < count; place++) {
        effects->await_count++;
        done = compile_await(PyTuple_GET_ITEM(awaits, place), plan, &effects->awaits[place]);
    }
    Py_DECREF(awaits);
    return done;
}

static int
is_text(PyObject *value, const char *text)
{
    return value != NULL && PyUnicode_Check(value)
           && PyUnicode_CompareWithASCIIString(value, text) == 0;
}

static int
compile_store(PyObject *store, HsCodePlan *plan, StorePlan *made)
{
    PyObject *kind = PyObject_GetAttrString(store, "kind");
    if (is_text(kind, "attr")) {
        made->kind = STORE_ATTR;
        made->name = PyObject_GetAttrString(store, "name");
    }
    else if (is_text(kind, "item")) {
        made->kind = STORE_ITEM;
        if (compile_field(store, "key", plan, &made->key) < 0) {
            Py_DECREF(kind);
            return -1;
        }
    }
    Py_XDECREF(kind);
    return PyErr_Occurred() ? -1 : compile_field(store, "target", plan, &made->target);
}

/* Both take over the references, which may be NULL after a failure. */
static int
compile_stores(PyObject *stores, PyObject *inplace, HsCodePlan *plan, Effects *effects)
{
    int done = -1;
    if (stores != NULL && inplace != NULL) {
        Py_ssize_t first = PyTuple_GET_SIZE(stores), count = first + PyTuple_GET_SIZE(inplace);
        effects->stores = PyMem_RawCalloc((size_t)count + 1, sizeof(StorePlan));
        done = effects->stores == NULL ? -1 : 0;
        for (Py_ssize_t place = 0; done == 0 && place < count; place++) {
            StorePlan *made = &effects->stores[effects->store_count++];
            done = place < first
                       ? compile_store(PyTuple_GET_ITEM(stores, place), plan, made)
                       : hs_compile_path(PyTuple_GET_ITEM(inplace, place - first), plan,
                                         &made->target);
        }
    }
    Py_XDECREF(stores);
    Py_XDECREF(inplace);
    return done;
}

/* Is the line's only effect on objects one `x[i] = v`, and both paths end as they began? */
static int
is_single_item(HsLinePlan *line)
{
    return hs_is(line->single)
           && PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(line->single, 0), "item") == 0;
}

static void
add_slot(Effects *effects, const Path *path)
{
    for (int place = 0; place < effects->scalar_count; place++) {
        if (effects->scalar_slots[place] == path->slot) {
            return;
        }
    }
    effects->scalar_slots[effects->scalar_count++] = path->slot;
}

static int
is_slot_or_constant(const Path *path)
{
    return path != NULL && (path->kind == PATH_SLOT || path->kind == PATH_CONST);
}

/* Finds the slots by which it can be told that the line worked with scalars alone. */
static int
find_scalar_slots(Effects *effects)
{
    effects->scalar_count = -1;
    int is_simple = effects->call_count == 0 && effects->await_count == 0 && !effects->anonymous
                    && !effects->runs_code;
    for (Py_ssize_t place = 0; is_simple && place < effects->store_count; place++) {
        is_simple = is_slot_or_constant(effects->stores[place].target);
    }
    for (Py_ssize_t place = 0; is_simple && place < effects->operands.count; place++) {
        is_simple = is_slot_or_constant(effects->operands.at[place]);
    }
    if (!is_simple) {
        return 0;
    }
    size_t most = (size_t)(effects->store_count + effects->operands.count + 1);
    effects->scalar_slots = PyMem_RawMalloc(sizeof(int) * most);
    if (effects->scalar_slots == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    effects->scalar_count = 0;
    for (Py_ssize_t place = 0; place < effects->store_count; place++) {
        if (effects->stores[place].target->kind == PATH_SLOT) {
            add_slot(effects, effects->stores[place].target);
        }
    }
    for (Py_ssize_t place = 0; place < effects->operands.count; place++) {
        if (effects->operands.at[place]->kind == PATH_SLOT) {
            add_slot(effects, effects->operands.at[place]);
        }
    }
    return 0;
}

static int
compile_all(HsLinePlan *line, HsCodePlan *plan, Effects *effects)
{
    PyObject *source = line->effects;
    PyObject *anonymous = PyObject_GetAttrString(source, "anonymous");
    effects->anonymous = anonymous != NULL && PyObject_IsTrue(anonymous) > 0;
    Py_XDECREF(anonymous);
    effects->runs_code = is_true(source, "runs_code");
    effects->rebinds = is_true(source, "rebinds");
    if (compile_stores(PyObject_GetAttrString(source, "stores"),
                       PyObject_GetAttrString(source, "inplace"), plan, effects)
            < 0
        || add_paths(&effects->operands, PyObject_GetAttrString(source, "operands"), plan) < 0
        || add_paths(&effects->roots, PyObject_GetAttrString(source, "roots"), plan) < 0
        || compile_calls(PyObject_GetAttrString(source, "calls"), plan, effects) < 0
        || compile_awaits(PyObject_GetAttrString(source, "awaits"), plan, effects) < 0) {
        return -1;
    }
    for (Py_ssize_t place = 0; effects->runs_code && place < effects->call_count; place++) {
        Path *callee = effects->calls[place].callee;
        effects->in_python |= callee != NULL && callee->kind == PATH_BUILTIN
                              && PyUnicode_CompareWithASCIIString(callee->name, "__build_class__")
                                     == 0;
    }
    for (Py_ssize_t place = 0; place < effects->store_count; place++) {
        StorePlan *store = &effects->stores[place];
        store->is_exact = is_single_item(line)
                          || (!effects->rebinds && hs_stays(store->key)
                              && hs_stays(store->target));
    }
    return PyErr_Occurred() || find_scalar_slots(effects) < 0 ? -1 : 0;
}

Effects *
hs_compile_effects(HsLinePlan *line, HsCodePlan *plan)
{
    Effects *effects = PyMem_RawCalloc(1, sizeof(Effects));
    if (effects == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    if (compile_all(line, plan, effects) < 0) {
        free_effects(effects);
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_TypeError, "these are no effects of a line");
        }
        return NULL;
    }
    line->free_compiled = free_effects;
    line->compiled = effects;
    return effects;
}
