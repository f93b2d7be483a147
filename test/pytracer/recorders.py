"""Which recorders this interpreter has, as the tests name them.

    SOURCES           those to test, as `--recorder` names them: the native one last where it is
                      built, before it the newest one in Python
    PYTHON_SOURCES    all in Python; the others are compared with the newest one
    events_of(name)   the events that a recorder works with: "monitoring" or "settrace"

Where all three exist, sys.settrace is what 3.11 and earlier test, and besides one newer version;
HINDSIGHT_FULL=1 tests it everywhere. HINDSIGHT_SOURCES names the ones to test instead, for example
"native settrace".
"""

from __future__ import annotations

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from pytracer import recorder_choice  # noqa: E402

NEWEST_IN_PYTHON = "monitoring" if sys.version_info >= (3, 12) else "settrace"
PYTHON_SOURCES = ["settrace"] + (["monitoring"] if sys.version_info >= (3, 12) else [])


def native_is_built():
    """Say whether there is a build of the native recorder that this Python takes."""
    try:
        recorder_choice.load()
    except recorder_choice.NoNativeRecorderError:
        return False
    return True


def events_of(source):
    """Say which events a recorder works with."""
    return NEWEST_IN_PYTHON if source == "native" else source


HAS_NATIVE = native_is_built()
_TAKES_ALL = (
    os.environ.get("HINDSIGHT_FULL") == "1" or not HAS_NATIVE or sys.version_info[:2] == (3, 14)
)
SOURCES = os.environ.get("HINDSIGHT_SOURCES", "").split() or [
    *(PYTHON_SOURCES if _TAKES_ALL else [NEWEST_IN_PYTHON]),
    *(["native"] if HAS_NATIVE else []),
]
