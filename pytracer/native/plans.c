/* Which plan belongs to a code object, and to one of its lines?
 *
 * The code object's extra slot holds the plan; its free function is the eviction. */
#include "hindsight.h"
#include "internals.h"

enum { MOST_LINES = 1 << 16 };

Py_ssize_t hs_extra_index = -1;

#if PY_VERSION_HEX < 0x030C0000
#define PyUnstable_Eval_RequestCodeExtraIndex _PyEval_RequestCodeExtraIndex
#define PyUnstable_Code_SetExtra _PyCode_SetExtra
#endif

/* The code object dies. Its plan and its wrapper hold each other, and no collector knows of that. */
static void
let_go(void *held)
{
    HsCodePlan *plan = held;
    if (plan == NULL) {
        return;
    }
    if (hs_is(plan->wrapper)) {
        PyObject *type, *error, *traceback;
        PyErr_Fetch(&type, &error, &traceback);
        if (PyObject_SetAttrString(plan->wrapper, "plan", Py_None) < 0) {
            PyErr_Clear();
        }
        PyErr_Restore(type, error, traceback);
    }
    Py_DECREF(plan);
}

/* Do the slots of the frame stand in the order of FORMAT.md's slots? */
static int
has_slots_in_order(PyCodeObject *code, HsCodePlan *plan)
{
    int count = hs_code_slots(code);
    if (!PyTuple_CheckExact(plan->slots) || PyTuple_GET_SIZE(plan->slots) != count) {
        return 0;
    }
    for (int slot = 0; slot < count; slot++) {
        PyObject *name = PyTuple_GET_ITEM(plan->slots, slot);
        if (name != hs_code_slot_name(code, slot)
            && PyUnicode_Compare(name, hs_code_slot_name(code, slot)) != 0) {
            return 0;
        }
    }
    return 1;
}

/* Has every name of the code one variable, which a slot shows at any time? (3.12 and later:
 * comprehensions inside.) */
static int
is_plain(HsCodePlan *plan)
{
    PyObject *inside = PyObject_GetAttrString(plan->wrapper, "comprehensions");
    PyObject *answer = inside == NULL ? NULL : PyObject_GetAttrString(inside, "is_plain");
    int plain = answer == NULL ? -1 : PyObject_IsTrue(answer);
    Py_XDECREF(inside);
    Py_XDECREF(answer);
    return plain;
}

int
hs_attach(HsRecorder *recorder, PyCodeObject *code, HsCodePlan *plan)
{
    if (hs_extra_index < 0) {
        hs_extra_index = PyUnstable_Eval_RequestCodeExtraIndex(let_go);
        if (hs_extra_index < 0) {
            PyErr_SetString(PyExc_RuntimeError, "no room for data of code objects is left");
            return -1;
        }
    }
    plan->recording = recorder->recording;
    if (plan->recorded) {
        plan->first_line = code->co_firstlineno;
        plan->unit_count = (int)Py_SIZE(code);
        int plain = is_plain(plan);
        if (plain < 0) {
            return -1;
        }
        plan->attached = (char)(!plan->fast || (plain && has_slots_in_order(code, plan)));
        plan->has_cells = 0;
        for (int slot = 0; slot < hs_code_slots(code); slot++) {
            plan->has_cells |= (hs_code_slot_kind(code, slot) & HS_SLOT_IS_CELL) != 0;
        }
        if (plan->bytecode == NULL) {
            plan->bytecode = PyObject_GetAttrString(plan->wrapper, "bytecode");
            if (plan->bytecode == NULL || !PyBytes_CheckExact(plan->bytecode)) {
                return -1;
            }
        }
    }
    if (hs_code_extra(code, hs_extra_index) == plan) {
        /* To set it again would let go of it first. */
        return 0;
    }
    Py_INCREF(plan);
    if (PyUnstable_Code_SetExtra((PyObject *)code, hs_extra_index, plan) < 0) {
        Py_DECREF(plan);
        return -1;
    }
    if (hs_code_extra(code, hs_extra_index) != plan) {
        PyErr_SetString(PyExc_SystemError, "this interpreter keeps data of code objects elsewhere");
        return -1;
    }
    return 0;
}

/* Lines. */

static int
has_star(PyObject *names)
{
    for (Py_ssize_t place = 0; place < PyTuple_GET_SIZE(names); place++) {
        if (PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(names, place), "*") == 0) {
            return 1;
        }
    }
    return 0;
}

static PyObject *
names_of(PyObject *effects, const char *field)
{
    PyObject *names = PyObject_GetAttrString(effects, field);
    if (names != NULL && !PyTuple_CheckExact(names)) {
        PyErr_SetString(PyExc_TypeError, "the effects of a line have tuples of names");
        Py_CLEAR(names);
    }
    return names;
}

static int
prepare(HsLinePlan *plan)
{
    Py_ssize_t count = PyTuple_GET_SIZE(plan->slots);
    int *slots = PyMem_RawMalloc(sizeof(int) * (size_t)(count + 1));
    if (slots == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t place = 0; place < count; place++) {
        slots[place] =
            (int)PyLong_AsLong(PyTuple_GET_ITEM(PyTuple_GET_ITEM(plan->slots, place), 0));
    }
    PyMem_RawFree(plan->slot_at);
    plan->slot_at = slots;
    plan->slot_count = (int)count;
    hs_replace(&plan->names, names_of(plan->effects, "names"));
    if (plan->names == NULL) {
        return -1;
    }
    hs_replace(&plan->globals, names_of(plan->effects, "globals"));
    if (plan->globals == NULL) {
        return -1;
    }
    plan->stores_any = (char)(has_star(plan->names) || has_star(plan->globals));
    plan->simple = (char)(PyTuple_GET_SIZE(plan->names) == 0 && PyTuple_GET_SIZE(plan->globals) == 0
                          && PyTuple_GET_SIZE(plan->derefs) == 0);
    plan->ready = 1;
    return PyErr_Occurred() ? -1 : 0;
}

/* New reference. */
static PyObject *
find_line_plan(HsCodePlan *plan, long line)
{
    PyObject *number = PyLong_FromLong(line);
    if (number == NULL) {
        return NULL;
    }
    PyObject *found = Py_XNewRef(PyDict_GetItemWithError(plan->lines, number));
    if (found == NULL && !PyErr_Occurred()) {
        found = hs_answer(plan, "plan_line", number, NULL, NULL);
    }
    Py_DECREF(number);
    if (found == NULL || found == Py_None) {
        return found;
    }
    if (!PyObject_TypeCheck(found, &HsLinePlan_Type)) {
        PyErr_SetString(PyExc_TypeError, "a line has a LinePlan");
        Py_CLEAR(found);
    }
    else if (!((HsLinePlan *)found)->ready && prepare((HsLinePlan *)found) < 0) {
        Py_CLEAR(found);
    }
    return found;
}

PyObject *
hs_make_line_plan(HsCodePlan *plan, long line)
{
    long place = line - plan->first_line;
    PyObject *found = find_line_plan(plan, line);
    if (found == NULL) {
        return NULL;
    }
    /* plan.lines keeps it. */
    Py_DECREF(found);
    if (place < 0 || place >= MOST_LINES) {
        return found;
    }
    if (place >= plan->line_count) {
        int count = (int)place + 16;
        PyObject **grown = PyMem_RawRealloc(plan->line_plans, sizeof(PyObject *) * (size_t)count);
        if (grown == NULL) {
            PyErr_NoMemory();
            return NULL;
        }
        memset(grown + plan->line_count, 0,
               sizeof(PyObject *) * (size_t)(count - plan->line_count));
        plan->line_plans = grown;
        plan->line_count = count;
    }
    plan->line_plans[place] = found;
    return found;
}

static int
fill_lines(HsCodePlan *plan, PyObject *table)
{
    int *lines = PyMem_RawMalloc(sizeof(int) * (size_t)(plan->unit_count + 1));
    if (lines == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (int unit = 0; unit < plan->unit_count; unit++) {
        lines[unit] = -1;
    }
    for (Py_ssize_t row = 0; row < PyList_GET_SIZE(table); row++) {
        PyObject *range = PyList_GET_ITEM(table, row);
        long start = PyLong_AsLong(PyTuple_GET_ITEM(range, 0)) / 2;
        long end = PyLong_AsLong(PyTuple_GET_ITEM(range, 1)) / 2;
        PyObject *line = PyTuple_GET_ITEM(range, 2);
        for (long unit = start; unit < end && unit < plan->unit_count; unit++) {
            lines[unit] = line == Py_None ? -1 : (int)PyLong_AsLong(line);
        }
    }
    plan->line_of = lines;
    return PyErr_Occurred() ? -1 : 0;
}

int
hs_line_of(HsCodePlan *plan, long unit)
{
    if (plan->line_of == NULL) {
        PyObject *table = PyObject_GetAttrString(plan->wrapper, "line_table");
        if (table == NULL) {
            return -2;
        }
        int filled = PyList_CheckExact(table) ? fill_lines(plan, table) : -1;
        Py_DECREF(table);
        if (filled < 0) {
            return -2;
        }
    }
    return unit >= 0 && unit < plan->unit_count ? plan->line_of[unit] : -1;
}
