"""A recorder of Python programs for going back in their history."""

import sys

# An older Python gets as far as `__main__`, which refuses it by name.
if sys.version_info >= (3, 9):  # noqa: UP036
    from pytracer import own_names

    own_names.begin()
