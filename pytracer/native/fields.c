/* Which fields do the Python classes of the recorder share with C?
 *
 * Each type here is nothing but fields; the class of objects.py, frames.py, wire.py ... that
 * derives from it has the methods. None of them takes part in cyclic garbage collection: making
 * one must not bring the program's next collection nearer. What they hold is let go by the
 * recorder itself. */
#include "hindsight.h"

#define OBJECT(name, type, field) {name, _Py_T_OBJECT, offsetof(type, field), 0, NULL}
#define LONG(name, type, field) {name, Py_T_LONGLONG, offsetof(type, field), 0, NULL}
#define FLAG(name, type, field) {name, Py_T_BOOL, offsetof(type, field), 0, NULL}
#define INT(name, type, field) {name, Py_T_INT, offsetof(type, field), 0, NULL}
#define KEY(name, type, field) {name, Py_T_ULONGLONG, offsetof(type, field), 0, NULL}
#define LAST {NULL, 0, 0, 0, NULL}

static void
clear_objects(void *self, PyMemberDef *members)
{
    for (PyMemberDef *member = members; member->name != NULL; member++) {
        if (member->type == _Py_T_OBJECT) {
            PyObject **field = (PyObject **)((char *)self + member->offset);
            PyObject *held = *field;
            *field = NULL;
            Py_XDECREF(held);
        }
    }
}

/* Entries: their lists are made when Python first asks for them. */

static PyMemberDef entry_members[] = {
    LONG("oid", HsEntry, oid),
    KEY("key", HsEntry, key),
    LONG("total", HsEntry, total),
    LONG("attr_total", HsEntry, attr_total),
    LONG("block", HsEntry, block),
    INT("kind", HsEntry, kind),
    INT("hops", HsEntry, hops),
    INT("changes", HsEntry, changes),
    INT("watched", HsEntry, watched),
    FLAG("alive", HsEntry, alive),
    FLAG("settled", HsEntry, settled),
    FLAG("unknown", HsEntry, unknown),
    OBJECT("pin", HsEntry, pin),
    OBJECT("ref", HsEntry, ref),
    OBJECT("guard", HsEntry, guard),
    OBJECT("layout", HsEntry, layout),
    OBJECT("type_name", HsEntry, type_name),
    OBJECT("index", HsEntry, index),
    OBJECT("text", HsEntry, text),
    OBJECT("content", HsEntry, content),
    OBJECT("cls", HsEntry, cls),
    LAST,
};

static PyObject *
get_list(PyObject *self, void *offset)
{
    PyObject **field = (PyObject **)((char *)self + (size_t)offset);
    if (*field == NULL) {
        *field = PyList_New(0);
    }
    return Py_XNewRef(*field);
}

static int
set_list(PyObject *self, PyObject *value, void *offset)
{
    if (value == NULL || !PyList_CheckExact(value)) {
        PyErr_SetString(PyExc_TypeError, "this field is a list");
        return -1;
    }
    hs_replace((PyObject **)((char *)self + (size_t)offset), Py_NewRef(value));
    return 0;
}

static int
set_row(PyObject *self, PyObject *value, void *offset)
{
    hs_forget_links((HsEntry *)self);
    return set_list(self, value, offset);
}

static PyObject *
get_part(PyObject *self, void *offset)
{
    PyObject *part = *(PyObject **)((char *)self + (size_t)offset);
    return Py_NewRef(part != NULL ? part : Py_None);
}

static int
set_part(PyObject *self, PyObject *value, void *offset)
{
    hs_forget_links((HsEntry *)self);
    hs_replace((PyObject **)((char *)self + (size_t)offset), Py_XNewRef(value));
    return 0;
}

static PyObject *
get_own_class(PyObject *self, void *Py_UNUSED(ignored))
{
    return PyBool_FromLong(((HsEntry *)self)->own_class);
}

static int
set_own_class(PyObject *self, PyObject *value, void *Py_UNUSED(ignored))
{
    int is_own = value == NULL ? 0 : PyObject_IsTrue(value);
    if (is_own < 0) {
        return -1;
    }
    if (is_own != ((HsEntry *)self)->own_class) {
        ((HsEntry *)self)->own_class = (char)is_own;
        hs_forget_all_links();
    }
    return 0;
}

static PyGetSetDef entry_lists[] = {
    {"own_class", get_own_class, set_own_class, NULL, NULL},
    {"keys", get_part, set_part, NULL, (void *)offsetof(HsEntry, keys)},
    {"value", get_part, set_part, NULL, (void *)offsetof(HsEntry, value)},
    {"items", get_list, set_row, NULL, (void *)offsetof(HsEntry, items)},
    {"attr_names", get_list, set_list, NULL, (void *)offsetof(HsEntry, attr_names)},
    {"attrs", get_list, set_row, NULL, (void *)offsetof(HsEntry, attrs)},
    {NULL, NULL, NULL, NULL, NULL},
};

/* Entries come and go with the program's objects: some that have ended are used again. */
enum { MOST_SPARE_ENTRIES = 256 };
static HsEntry *spare_entries[MOST_SPARE_ENTRIES];
static int spare_entry_count;

HsEntry *
hs_empty_entry(void)
{
    if (spare_entry_count == 0) {
        return (HsEntry *)hs.entry->tp_alloc(hs.entry, 0);
    }
    HsEntry *entry = spare_entries[--spare_entry_count];
    memset(entry, 0, sizeof *entry);
    return (HsEntry *)PyObject_Init((PyObject *)entry, hs.entry);
}

static void
entry_dealloc(HsEntry *self)
{
    hs_forget_links(self);
    PyObject *const held[] = {
        self->pin,  self->ref,   self->guard, self->layout,     self->type_name, self->index,
        self->text, self->content, self->cls, self->items,      self->keys,      self->value,
        self->attr_names, self->attrs, self->home,
    };
    if (Py_IS_TYPE(self, hs.entry) && hs.entry->tp_basicsize == sizeof *self
        && spare_entry_count < MOST_SPARE_ENTRIES) {
        spare_entries[spare_entry_count++] = self;
    }
    else {
        Py_TYPE(self)->tp_free(self);
    }
    for (size_t place = 0; place < Py_ARRAY_LENGTH(held); place++) {
        Py_XDECREF(held[place]);
    }
}

static PyObject *
entry_object(HsEntry *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *found = hs_entry_object(self);
    return found != NULL ? found : Py_NewRef(Py_None);
}

static PyMethodDef entry_methods[] = {
    {"object", (PyCFunction)entry_object, METH_NOARGS, "Return the live object, or None."},
    {NULL, NULL, 0, NULL},
};

PyTypeObject HsEntry_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "hindsight_core.EntryFields",
    .tp_basicsize = sizeof(HsEntry),
    .tp_dealloc = (destructor)entry_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_call = hs_entry_died,
    .tp_members = entry_members,
    .tp_methods = entry_methods,
    .tp_getset = entry_lists,
    .tp_new = PyType_GenericNew,
};

/* A row of numbers. */

PyObject *
hs_numbers_new(Py_ssize_t count)
{
    HsNumbers *row = PyObject_NewVar(HsNumbers, &HsNumbers_Type, count);
    if (row != NULL) {
        memset(row->at, 0, sizeof(int64_t) * (size_t)(count > 0 ? count : 1));
    }
    return (PyObject *)row;
}

static PyObject *
numbers_new(PyTypeObject *Py_UNUSED(type), PyObject *args, PyObject *Py_UNUSED(kwargs))
{
    Py_ssize_t count;
    return PyArg_ParseTuple(args, "n", &count) ? hs_numbers_new(count) : NULL;
}

static Py_ssize_t
numbers_length(PyObject *self)
{
    return Py_SIZE(self);
}

static PyObject *
numbers_item(PyObject *self, Py_ssize_t place)
{
    if (place < 0 || place >= Py_SIZE(self)) {
        PyErr_SetString(PyExc_IndexError, "no such slot");
        return NULL;
    }
    return PyLong_FromLongLong(((HsNumbers *)self)->at[place]);
}

static int
numbers_assign(PyObject *self, Py_ssize_t place, PyObject *number)
{
    if (place < 0 || place >= Py_SIZE(self) || number == NULL) {
        PyErr_SetString(PyExc_IndexError, "no such slot");
        return -1;
    }
    int64_t value = PyLong_AsLongLong(number);
    if (value == -1 && PyErr_Occurred()) {
        return -1;
    }
    ((HsNumbers *)self)->at[place] = value;
    return 0;
}

static PySequenceMethods numbers_as_sequence = {
    .sq_length = numbers_length,
    .sq_item = numbers_item,
    .sq_ass_item = numbers_assign,
};

PyTypeObject HsNumbers_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "hindsight_core.Numbers",
    .tp_basicsize = offsetof(HsNumbers, at) + sizeof(int64_t),
    .tp_itemsize = sizeof(int64_t),
    .tp_as_sequence = &numbers_as_sequence,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = numbers_new,
};

/* Plans. */

static PyMemberDef line_plan_members[] = {
    OBJECT("effects", HsLinePlan, effects),
    OBJECT("slots", HsLinePlan, slots),
    OBJECT("derefs", HsLinePlan, derefs),
    OBJECT("single", HsLinePlan, single),
    OBJECT("resizes", HsLinePlan, resizes),
    FLAG("active", HsLinePlan, active),
    FLAG("twice", HsLinePlan, twice),
    OBJECT("_names", HsLinePlan, names),
    OBJECT("_globals", HsLinePlan, globals),
    LAST,
};

static void
line_plan_dealloc(HsLinePlan *self)
{
    if (self->compiled != NULL && self->free_compiled != NULL) {
        self->free_compiled(self->compiled);
    }
    PyMem_RawFree(self->slot_at);
    clear_objects(self, line_plan_members);
    Py_TYPE(self)->tp_free(self);
}

PyTypeObject HsLinePlan_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "hindsight_core.LinePlanFields",
    .tp_basicsize = sizeof(HsLinePlan),
    .tp_dealloc = (destructor)line_plan_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_members = line_plan_members,
    .tp_new = PyType_GenericNew,
};

static PyMemberDef code_plan_members[] = {
    OBJECT("wrapper", HsCodePlan, wrapper),
    OBJECT("filename", HsCodePlan, filename),
    OBJECT("slots", HsCodePlan, slots),
    OBJECT("slot_of", HsCodePlan, slot_of),
    OBJECT("cells", HsCodePlan, cells),
    OBJECT("lines", HsCodePlan, lines),
    OBJECT("_sites", HsCodePlan, sites),
    LONG("code_id", HsCodePlan, code_id),
    LONG("file_number", HsCodePlan, file_number),
    LONG("argument_count", HsCodePlan, argument_count),
    LONG("slot_count", HsCodePlan, slot_count),
    FLAG("recorded", HsCodePlan, recorded),
    FLAG("fast", HsCodePlan, fast),
    FLAG("suspends", HsCodePlan, suspends),
    FLAG("free", HsCodePlan, free),
    FLAG("sees_calls", HsCodePlan, sees_calls),
    LONG("no_lines", HsCodePlan, no_lines),
    LONG("no_entry", HsCodePlan, no_entry),
    LONG("no_return", HsCodePlan, no_return),
    LAST,
};

static void
code_plan_dealloc(HsCodePlan *self)
{
    HsFrameState *spare = self->spare;
    self->spare = NULL;
    while (spare != NULL) {
        HsFrameState *next = spare->next;
        Py_DECREF(spare);
        spare = next;
    }
    PyMem_RawFree(self->line_plans);
    PyMem_RawFree(self->line_of);
    Py_CLEAR(self->bytecode);
    clear_objects(self, code_plan_members);
    Py_TYPE(self)->tp_free(self);
}

PyTypeObject HsCodePlan_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "hindsight_core.CodePlanFields",
    .tp_basicsize = sizeof(HsCodePlan),
    .tp_dealloc = (destructor)code_plan_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_members = code_plan_members,
    .tp_new = PyType_GenericNew,
};

/* Threads and frames. */

static PyMemberDef thread_members[] = {
    KEY("ident", HsThread, ident),
    LONG("number", HsThread, number),
    OBJECT("name", HsThread, name),
    OBJECT("stack", HsThread, stack),
    OBJECT("returned", HsThread, returned),
    LAST,
};

static void
thread_dealloc(HsThread *self)
{
    clear_objects(self, thread_members);
    Py_TYPE(self)->tp_free(self);
}

PyTypeObject HsThread_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "hindsight_core.ThreadFields",
    .tp_basicsize = sizeof(HsThread),
    .tp_dealloc = (destructor)thread_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_members = thread_members,
    .tp_new = PyType_GenericNew,
};

static PyMemberDef seen_call_members[] = {
    OBJECT("call", HsSeenCall, call),
    KEY("place", HsSeenCall, place),
    OBJECT("changed", HsSeenCall, changed),
    OBJECT("given", HsSeenCall, given),
    FLAG("known", HsSeenCall, known),
    FLAG("quiet", HsSeenCall, quiet),
    LAST,
};

static void
seen_call_dealloc(HsSeenCall *self)
{
    clear_objects(self, seen_call_members);
    Py_TYPE(self)->tp_free(self);
}

PyTypeObject HsSeenCall_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "hindsight_core.SeenCallFields",
    .tp_basicsize = sizeof(HsSeenCall),
    .tp_dealloc = (destructor)seen_call_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_members = seen_call_members,
    .tp_new = PyType_GenericNew,
};

static PyMemberDef frame_state_members[] = {
    LONG("number", HsFrameState, number),
    KEY("frame_id", HsFrameState, frame_id),
    LONG("offset", HsFrameState, offset),
    LONG("step1", HsFrameState, step1),
    LONG("block", HsFrameState, block),
    LONG("lasti", HsFrameState, lasti),
    OBJECT("plan", HsFrameState, plan),
    OBJECT("thread", HsFrameState, thread),
    OBJECT("values", HsFrameState, values),
    OBJECT("written", HsFrameState, written),
    OBJECT("globals", HsFrameState, globals),
    OBJECT("locals", HsFrameState, locals),
    OBJECT("running", HsFrameState, running),
    OBJECT("before", HsFrameState, before),
    FLAG("fresh", HsFrameState, fresh),
    FLAG("raised", HsFrameState, raised),
    FLAG("full", HsFrameState, full),
    LAST,
};

static PyGetSetDef frame_state_lists[] = {
    {"calls", get_list, set_list, NULL, (void *)offsetof(HsFrameState, calls)},
    {NULL, NULL, NULL, NULL, NULL},
};

static void
frame_state_dealloc(HsFrameState *self)
{
    Py_CLEAR(self->calls);
    clear_objects(self, frame_state_members);
    Py_TYPE(self)->tp_free(self);
}

PyTypeObject HsFrameState_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "hindsight_core.FrameFields",
    .tp_basicsize = sizeof(HsFrameState),
    .tp_dealloc = (destructor)frame_state_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_members = frame_state_members,
    .tp_getset = frame_state_lists,
    .tp_new = PyType_GenericNew,
};

/* The objects of which a recording has one each. */

static PyMemberDef writer_members[] = {
    OBJECT("buf", HsWriter, buf),
    OBJECT("strings", HsWriter, strings),
    LONG("block", HsWriter, block),
    LONG("step", HsWriter, step),
    LONG("file_number", HsWriter, file_number),
    LONG("_end", HsWriter, end),
    LONG("_events_start", HsWriter, events_start),
    LONG("_capacity", HsWriter, capacity),
    LONG("_block_steps", HsWriter, block_steps),
    LONG("_block_events", HsWriter, block_events),
    {"_block_began", Py_T_DOUBLE, offsetof(HsWriter, block_began), 0, NULL},
    LONG("_raised_limit", HsWriter, raised_limit),
    FLAG("failed", HsWriter, failed),
    LAST,
};

/* The mapped files: their addresses are asked for once. Who closes a map takes it out of here first. */
static PyObject *
as_none(PyObject *map)
{
    return Py_NewRef(map != NULL ? map : Py_None);
}

/* The address of a map, and its length: NULL for None, and on failure. */
static uint8_t *
address_of(PyObject *map, Py_ssize_t *length)
{
    Py_buffer view;
    *length = 0;
    if (map == NULL || map == Py_None || PyObject_GetBuffer(map, &view, PyBUF_WRITABLE) < 0) {
        return NULL;
    }
    uint8_t *address = view.buf;
    *length = view.len;
    PyBuffer_Release(&view);
    return address;
}

static PyObject *
get_tail(PyObject *self, void *Py_UNUSED(ignored))
{
    return as_none(((HsWriter *)self)->tail);
}

static int
set_tail(PyObject *op, PyObject *value, void *Py_UNUSED(ignored))
{
    HsWriter *self = (HsWriter *)op;
    self->memory = address_of(value, &self->memory_length);
    if (self->memory == NULL && PyErr_Occurred()) {
        return -1;
    }
    hs_replace(&self->tail, Py_XNewRef(value));
    return 0;
}

static PyObject *
get_bell(PyObject *self, void *Py_UNUSED(ignored))
{
    return as_none(((HsWriter *)self)->bell);
}

static int
set_bell(PyObject *op, PyObject *value, void *Py_UNUSED(ignored))
{
    HsWriter *self = (HsWriter *)op;
    Py_ssize_t length;
    uint8_t *address = address_of(value, &length);
    self->attention = length > HS_TAIL_ATTENTION ? address + HS_TAIL_ATTENTION : NULL;
    if (address == NULL && PyErr_Occurred()) {
        return -1;
    }
    hs_replace(&self->bell, Py_XNewRef(value));
    return 0;
}

static void
take_buffer_back(HsWriter *self)
{
    self->quick_end = self->quick_events = 0;
    if (self->buf != NULL && Py_IS_TYPE(self->buf, &HsBuffer_Type)) {
        hs_buffer_take_back((HsBuffer *)self->buf);
    }
}

/* Whatever Python writes may end what could be moved quickly: another tail, for one. */
static int
writer_set(PyObject *op, PyObject *name, PyObject *value)
{
    HsWriter *self = (HsWriter *)op;
    take_buffer_back(self);
    return PyObject_GenericSetAttr(op, name, value);
}

static PyGetSetDef writer_maps[] = {
    {"_tail", get_tail, set_tail, NULL, NULL},
    {"_bell", get_bell, set_bell, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static void
writer_dealloc(HsWriter *self)
{
    take_buffer_back(self);
    clear_objects(self, writer_members);
    Py_CLEAR(self->tail);
    Py_CLEAR(self->bell);
    for (int place = 0; place < HS_TEXTS; place++) {
        Py_CLEAR(self->texts[place].text);
    }
    Py_TYPE(self)->tp_free(self);
}

PyTypeObject HsWriter_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "hindsight_core.WriterFields",
    .tp_basicsize = sizeof(HsWriter),
    .tp_dealloc = (destructor)writer_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_members = writer_members,
    .tp_getset = writer_maps,
    .tp_setattro = writer_set,
    .tp_new = PyType_GenericNew,
};

static PyMemberDef objects_members[] = {
    OBJECT("_writer", HsObjects, writer),
    OBJECT("encoder", HsObjects, encoder),
    OBJECT("by_id", HsObjects, by_id),
    OBJECT("_owners", HsObjects, owners),
    OBJECT("touched", HsObjects, touched),
    OBJECT("dead", HsObjects, dead),
    OBJECT("suspects", HsObjects, suspects),
    OBJECT("pinned", HsObjects, pinned),
    OBJECT("recompared", HsObjects, recompared),
    OBJECT("cells", HsObjects, cells),
    OBJECT("generators", HsObjects, generators),
    OBJECT("by_frame", HsObjects, by_frame),
    OBJECT("_queue", HsObjects, queue),
    OBJECT("made_now", HsObjects, made_now),
    OBJECT("changed_now", HsObjects, changed_now),
    OBJECT("dead_now", HsObjects, dead_now),
    OBJECT("own_modules", HsObjects, own_modules),
    OBJECT("weak_containers", HsObjects, weak_containers),
    LONG("events", HsObjects, events),
    LONG("_next", HsObjects, next),
    LONG("_room", HsObjects, room),
    LONG("max_items", HsObjects, max_items),
    LONG("_max_bytes", HsObjects, max_bytes),
    FLAG("any_unknown", HsObjects, any_unknown),
    FLAG("has_default_dicts", HsObjects, has_default_dicts),
    LAST,
};

static PyObject *
get_watches(PyObject *self, void *Py_UNUSED(ignored))
{
    return as_none(((HsObjects *)self)->watches);
}

static int
set_watches(PyObject *op, PyObject *value, void *Py_UNUSED(ignored))
{
    if (value == NULL || (value != Py_None && !PyObject_TypeCheck(value, &HsWatches_Type))) {
        PyErr_SetString(PyExc_TypeError, "watches are Watches or None");
        return -1;
    }
    hs_replace(&((HsObjects *)op)->watches, Py_NewRef(value));
    return 0;
}

static PyGetSetDef objects_watches[] = {
    {"watches", get_watches, set_watches, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static void
objects_dealloc(HsObjects *self)
{
    Py_CLEAR(self->watches);
    hs_forget_deaths(self);
    PyMem_RawFree(self->touched_at);
    clear_objects(self, objects_members);
    Py_TYPE(self)->tp_free(self);
}

PyTypeObject HsObjects_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "hindsight_core.ObjectTableFields",
    .tp_basicsize = sizeof(HsObjects),
    .tp_dealloc = (destructor)objects_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_members = objects_members,
    .tp_getset = objects_watches,
    .tp_methods = hs_objects_methods,
    .tp_new = PyType_GenericNew,
};

static PyMemberDef control_members[] = {
    FLAG("quiet", HsControl, quiet),
    FLAG("at_entries", HsControl, at_entries),
    FLAG("at_returns", HsControl, at_returns),
    FLAG("at_raises", HsControl, at_raises),
    FLAG("at_unwinds", HsControl, at_unwinds),
    FLAG("at_steps", HsControl, at_steps),
    KEY("at_frame", HsControl, at_frame),
    LONG("version", HsControl, version),
    LAST,
};

static PyObject *
get_lines(PyObject *self, void *Py_UNUSED(ignored))
{
    return as_none(((HsControl *)self)->lines);
}

/* Nothing is added to the set later. */
static int
set_lines(PyObject *op, PyObject *value, void *Py_UNUSED(ignored))
{
    HsControl *self = (HsControl *)op;
    if (value == NULL || !PySet_CheckExact(value)) {
        PyErr_SetString(PyExc_TypeError, "lines are a set of int");
        return -1;
    }
    uint64_t near[HS_LINE_WORDS] = {0};
    PyObject *numbers = PySequence_List(value);
    for (Py_ssize_t place = 0; numbers != NULL && place < PyList_GET_SIZE(numbers); place++) {
        long line = PyLong_AsLong(PyList_GET_ITEM(numbers, place));
        near[line >> 6 & (HS_LINE_WORDS - 1)] |= UINT64_C(1) << (line & 63);
    }
    Py_XDECREF(numbers);
    if (PyErr_Occurred()) {
        return -1;
    }
    memcpy(self->near, near, sizeof near);
    hs_replace(&self->lines, Py_NewRef(value));
    return 0;
}

int
hs_has_line(HsControl *control, long line)
{
    PyObject *number = PyLong_FromLong(line);
    int has = number == NULL ? -1 : PySet_Contains(control->lines, number);
    Py_XDECREF(number);
    PyErr_Clear();
    /* Who is in doubt asks. */
    return has != 0;
}

static PyGetSetDef control_lines[] = {
    {"lines", get_lines, set_lines, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static void
control_dealloc(HsControl *self)
{
    Py_CLEAR(self->lines);
    Py_TYPE(self)->tp_free(self);
}

PyTypeObject HsControl_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "hindsight_core.ControlFields",
    .tp_basicsize = sizeof(HsControl),
    .tp_dealloc = (destructor)control_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_members = control_members,
    .tp_getset = control_lines,
    .tp_new = PyType_GenericNew,
};

static PyMemberDef watches_members[] = {
    FLAG("touched", HsWatches, touched),
    OBJECT("_frames", HsWatches, frames),
    LAST,
};

static PyObject *
get_objects(PyObject *self, void *Py_UNUSED(ignored))
{
    return as_none(((HsWatches *)self)->objects);
}

/* Nothing is added to the dict later. */
static int
set_objects(PyObject *op, PyObject *value, void *Py_UNUSED(ignored))
{
    HsWatches *self = (HsWatches *)op;
    if (value == NULL || !PyDict_CheckExact(value)) {
        PyErr_SetString(PyExc_TypeError, "objects are a dict");
        return -1;
    }
    uint64_t near = 0;
    PyObject *number;
    Py_ssize_t at = 0;
    while (PyDict_Next(value, &at, &number, NULL)) {
        near |= UINT64_C(1) << (PyLong_AsLongLong(number) & 63);
    }
    if (PyErr_Occurred()) {
        return -1;
    }
    self->near = near;
    hs_replace(&self->objects, Py_NewRef(value));
    return 0;
}

static PyObject *
get_frame_ids(PyObject *self, void *Py_UNUSED(ignored))
{
    return as_none(((HsWatches *)self)->frame_ids);
}

static int
set_frame_ids(PyObject *op, PyObject *value, void *Py_UNUSED(ignored))
{
    HsWatches *self = (HsWatches *)op;
    if (value == NULL || !PyTuple_CheckExact(value) || PyTuple_GET_SIZE(value) > HS_MOST_WATCHED) {
        PyErr_Format(PyExc_ValueError, "frame_ids are a tuple of up to %d", HS_MOST_WATCHED);
        return -1;
    }
    self->frame_count = 0;
    for (Py_ssize_t place = 0; place < PyTuple_GET_SIZE(value); place++) {
        self->frame_at[place] = PyLong_AsUnsignedLongLong(PyTuple_GET_ITEM(value, place));
    }
    if (PyErr_Occurred()) {
        return -1;
    }
    self->frame_count = (int)PyTuple_GET_SIZE(value);
    hs_replace(&self->frame_ids, Py_NewRef(value));
    return 0;
}

static PyGetSetDef watches_rows[] = {
    {"_objects", get_objects, set_objects, NULL, NULL},
    {"frame_ids", get_frame_ids, set_frame_ids, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static void
watches_dealloc(HsWatches *self)
{
    clear_objects(self, watches_members);
    Py_CLEAR(self->objects);
    Py_CLEAR(self->frame_ids);
    Py_TYPE(self)->tp_free(self);
}

PyTypeObject HsWatches_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "hindsight_core.WatchesFields",
    .tp_basicsize = sizeof(HsWatches),
    .tp_dealloc = (destructor)watches_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_members = watches_members,
    .tp_getset = watches_rows,
    .tp_new = PyType_GenericNew,
};

static PyMemberDef lives_members[] = {
    OBJECT("_objects", HsLives, objects),
    OBJECT("_recorder", HsLives, recorder),
    OBJECT("doomed", HsLives, doomed),
    OBJECT("_collected", HsLives, collected),
    LONG("_due", HsLives, due),
    LONG("_finalizers", HsLives, finalizers),
    LAST,
};

static void
lives_dealloc(HsLives *self)
{
    clear_objects(self, lives_members);
    Py_CLEAR(self->found);
    hs_free_waiting(self->waiting);
    self->waiting = NULL;
    Py_TYPE(self)->tp_free(self);
}

PyTypeObject HsLives_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "hindsight_core.LifetimesFields",
    .tp_basicsize = sizeof(HsLives),
    .tp_dealloc = (destructor)lives_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_members = lives_members,
    .tp_methods = hs_lives_methods,
    .tp_new = PyType_GenericNew,
};

static PyMemberDef changes_members[] = {
    OBJECT("_objects", HsChanges, objects),
    OBJECT("globals", HsChanges, globals),
    OBJECT("_escaped", HsChanges, escaped),
    LONG("_budget", HsChanges, budget),
    LAST,
};

static void
changes_dealloc(HsChanges *self)
{
    clear_objects(self, changes_members);
    Py_TYPE(self)->tp_free(self);
}

PyTypeObject HsChanges_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "hindsight_core.LineChangesFields",
    .tp_basicsize = sizeof(HsChanges),
    .tp_dealloc = (destructor)changes_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_members = changes_members,
    .tp_methods = hs_changes_methods,
    .tp_new = PyType_GenericNew,
};

static PyMemberDef recorder_members[] = {
    OBJECT("writer", HsRecorder, writer),
    OBJECT("objects", HsRecorder, objects),
    OBJECT("changes", HsRecorder, changes),
    OBJECT("lives", HsRecorder, lives),
    OBJECT("lock", HsRecorder, lock),
    OBJECT("control", HsRecorder, control),
    OBJECT("current", HsRecorder, current),
    OBJECT("threads", HsRecorder, threads),
    OBJECT("suspended", HsRecorder, suspended),
    OBJECT("sharing", HsRecorder, sharing),
    OBJECT("_outputs", HsRecorder, outputs),
    OBJECT("_ended_threads", HsRecorder, ended_threads),
    OBJECT("untraced", HsRecorder, untraced),
    OBJECT("_limit", HsRecorder, limit),
    OBJECT("_block_frames", HsRecorder, block_frames),
    LONG("steps", HsRecorder, steps),
    LONG("total_events", HsRecorder, total_events),
    LONG("_line_at", HsRecorder, line_at),
    LONG("_steps_in_buffer", HsRecorder, steps_in_buffer),
    LONG("_next_frame", HsRecorder, next_frame),
    LONG("_strings_in_log", HsRecorder, strings_in_log),
    FLAG("busy", HsRecorder, busy),
    FLAG("dead", HsRecorder, dead),
    FLAG("_broken", HsRecorder, broken),
    FLAG("_committing", HsRecorder, committing),
    FLAG("_lost", HsRecorder, lost),
    FLAG("started", HsRecorder, started),
    LAST,
};

static PyObject *
recorder_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwargs))
{
    static uint64_t recordings;
    HsRecorder *self = (HsRecorder *)type->tp_alloc(type, 0);
    if (self != NULL) {
        self->recording = ++recordings;
    }
    return (PyObject *)self;
}

static void
recorder_dealloc(HsRecorder *self)
{
    clear_objects(self, recorder_members);
    Py_TYPE(self)->tp_free(self);
}

PyTypeObject HsRecorder_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "hindsight_core.RecorderFields",
    .tp_basicsize = sizeof(HsRecorder),
    .tp_dealloc = (destructor)recorder_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_members = recorder_members,
    .tp_new = recorder_new,
};
