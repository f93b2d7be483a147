"""The text of a source file as the interpreter reads it."""

from __future__ import annotations

import codecs
import re

_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.MULTILINE)


def read_source(filename: str) -> str | None:
    """Return the decoded text of a file, or None when it is not there."""
    try:
        with open(filename, "rb") as file:
            content = file.read()
    except (OSError, ValueError):
        return None
    encoding = "utf-8"
    if content.startswith(codecs.BOM_UTF8):
        content = content[3:]
    else:
        found = _CODING.search(b"\n".join(content.split(b"\n", 2)[:2]))
        if found is not None:
            encoding = found.group(1).decode("ascii")
    try:
        decoded = content.decode(encoding)
    except (LookupError, UnicodeError):
        decoded = content.decode("utf-8", "replace")
    return decoded.replace("\r\n", "\n").replace("\r", "\n")
