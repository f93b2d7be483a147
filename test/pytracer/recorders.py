"""Which recorders this interpreter has, as the tests name them.

    SOURCES           every name that `--recorder` takes here, the native one last where it is built
    PYTHON_SOURCES    those in Python
    events_of(name)   the events that a recorder works with: "monitoring" or "settrace"

HINDSIGHT_SOURCES names the ones to test instead, for example "native"; HINDSIGHT_NATIVE=1 takes the
native one along.
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
    """Say whether the native recorder is asked for, and there is a build that this Python takes."""
    if "native" not in os.environ.get("HINDSIGHT_SOURCES", "") and not os.environ.get(
        "HINDSIGHT_NATIVE"
    ):
        return False
    try:
        recorder_choice.load()
    except recorder_choice.NoNativeRecorderError:
        return False
    return True


def events_of(source):
    """Say which events a recorder works with."""
    return NEWEST_IN_PYTHON if source == "native" else source


HAS_NATIVE = native_is_built()
SOURCES = os.environ.get("HINDSIGHT_SOURCES", "").split() or [
    *PYTHON_SOURCES,
    *(["native"] if HAS_NATIVE else []),
]
