"""The text of a source file as the interpreter reads it."""

from __future__ import annotations

import codecs
import re
import zlib

_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.MULTILINE)


class SentSource:
    """The text of a file that the log has, under a number; 0 where there is none."""

    __slots__ = ("file_number", "number", "payload")

    def __init__(self, number: int, payload: bytes) -> None:
        self.number = number
        # Of its SOURCE frame, deflated, in a recording of which later parts may need it.
        self.payload = payload
        # The file that it was written to: LogWriter.file_number.
        self.file_number = 0


def inflate(payload: bytes) -> bytes:
    """Return what was deflated."""
    return zlib.decompress(payload, -15)


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
