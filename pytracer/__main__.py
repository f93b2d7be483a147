"""The command line, and the check that this Python can be recorded.

This file alone must be understood by every Python ever: it is what tells an old one that it is
too old.
"""

import os
import sys


def unsupported():  # noqa: ANN201
    # type: () -> str | None
    """Say in one sentence why this interpreter cannot be recorded, or None."""
    version = "%d.%d" % sys.version_info[:2]  # noqa: UP031
    where = " (%s)" % sys.executable  # noqa: UP031
    if sys.version_info < (3, 9):  # noqa: UP036
        return "Hindsight needs Python 3.9 or later; this is Python " + version + where + "."
    if sys.implementation.name != "cpython":
        name = sys.implementation.name
        return "Hindsight records CPython only; this is " + name + where + "."
    if "free-threading" in sys.version or "t" in getattr(sys, "abiflags", ""):
        return (
            "Hindsight cannot record a free-threaded Python yet; this is Python "
            + version
            + "t"
            + where
            + "."
        )
    return None


def main():  # noqa: ANN201
    # type: () -> int
    """Run the command line, under its package's name whichever way it was started."""
    problem = unsupported()
    if problem is not None:
        sys.stderr.write("hindsight: " + problem + "\n")
        return 2
    if not __package__:
        # Run by its path: the folder itself stands first in the path, where the package must be.
        sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    from pytracer import launcher

    return launcher.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
