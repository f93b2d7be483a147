"""Where the packages are that some tests need: FOLDER, and `has(name)`.

test/setup/packages.sh puts them there; where one is missing, the tests that need it are skipped.
"""

from __future__ import annotations

import os
import sys

_CACHE = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
FOLDER = os.path.join(
    _CACHE,
    "hindsight-test",
    "packages",
    "{}.{}".format(*sys.version_info[:2]),
    "site-packages",
)


def has(*names):
    """Say whether all these packages are there, and print which is not."""
    missing = [name for name in names if not os.path.exists(os.path.join(FOLDER, name))]
    if missing:
        version = "{}.{}".format(*sys.version_info[:2])
        print(f"skipped: no {', '.join(missing)} for Python {version} in the test cache")
    return not missing
