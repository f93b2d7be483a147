"""Which recorders this interpreter has, as the tests name them.

    SOURCES           those to test, as `--recorder` names them: the native one last where it is
                      built, before it the newest one in Python
    PYTHON_SOURCES    all in Python; the others are compared with the newest one
    events_of(name)   the events that a recorder works with: "monitoring" or "settrace"
    part_of(names)    the third of them that this version takes; three versions in a row take all
    takes(name, program)  whether this version's test of many programs takes one by a recorder

Where all three exist, sys.settrace is what 3.11 and earlier test, and besides one newer version.
Tests of many programs take every one by the best recorder that the interpreter has, and by another
one a third of them. HINDSIGHT_PART=third, which `npm run test:python` sets for some interpreters,
takes a third by each. HINDSIGHT_FULL=1 takes all of everything everywhere. HINDSIGHT_SOURCES names
the recorders to test instead, for example "native settrace"; they take every program, too.
"""

from __future__ import annotations

import os
import sys
import zlib

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


def part_of(names):
    """Give this version's third of the programs or, when everything is asked for, all of them."""
    return [name for name in names if FULL or _is_turn_of(name)]


def takes(source, program):
    """Say whether a program of many is one that this version takes by that recorder."""
    takes_all = bool(_NAMED) or (source == SOURCES[-1] and not _IS_PART)
    return FULL or takes_all or _is_turn_of(program)


def _is_turn_of(program):
    # By name: versions do not have the same lists of programs.
    number = zlib.crc32(os.path.basename(program).encode())
    return number % PARTS == sys.version_info[1] % PARTS


FULL = os.environ.get("HINDSIGHT_FULL") == "1"
PARTS = 3
HAS_NATIVE = native_is_built()
_TAKES_ALL = FULL or not HAS_NATIVE or sys.version_info[:2] == (3, 14)
_IS_PART = os.environ.get("HINDSIGHT_PART") == "third"
_NAMED = os.environ.get("HINDSIGHT_SOURCES", "").split()
SOURCES = _NAMED or [
    *(PYTHON_SOURCES if _TAKES_ALL else [NEWEST_IN_PYTHON]),
    *(["native"] if HAS_NATIVE else []),
]
