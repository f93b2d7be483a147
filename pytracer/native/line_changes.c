/* What has a line changed? Asked of line_changes.LineChanges. */
#include "hindsight.h"

PyObject *
hs_before(HsRecorder *recorder, HsFrameState *state, HsLinePlan *plan)
{
    return hs_answer(recorder->changes, "before", (PyObject *)state, (PyObject *)plan, NULL);
}

int
hs_after(HsRecorder *recorder, HsFrameState *state, HsLinePlan *plan)
{
    PyObject *deep = hs_answer(recorder->changes, "after", (PyObject *)state, (PyObject *)plan, NULL);
    if (deep == NULL) {
        return -1;
    }
    int was_deep = PyObject_IsTrue(deep);
    Py_DECREF(deep);
    return was_deep;
}
