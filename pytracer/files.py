"""Files that the recorder writes, by descriptors that the program may close at any time."""

from __future__ import annotations

import os

BINARY = getattr(os, "O_BINARY", 0)


def create(path: str, flag: int = os.O_TRUNC) -> int:
    """Make a file, or take an existing one's place; returns its descriptor. Raises OSError."""
    return os.open(path, os.O_RDWR | os.O_CREAT | flag | BINARY, 0o666)


def check_replaceable(path: str) -> None:
    """Raise the OSError that `create` would, and change nothing; a link to nowhere is refused."""
    try:
        os.close(os.open(path, os.O_RDWR | BINARY))
    except FileNotFoundError:
        if os.path.lexists(path):
            raise


def identity_of(descriptor: int) -> tuple[int, int] | None:
    """Say which file has a descriptor; None for no file."""
    try:
        status = os.fstat(descriptor)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def close_if_same(descriptor: int, identity: tuple[int, int] | None) -> None:
    """Close a descriptor, unless the program closed it and gave the number away."""
    if identity is not None and identity_of(descriptor) == identity:
        os.close(descriptor)


def read_at(descriptor: int, length: int, offset: int) -> bytes:
    """Read at an offset; fewer bytes at the end of the file. Raises OSError."""
    os.lseek(descriptor, offset, os.SEEK_SET)
    return os.read(descriptor, length)


def write_all(descriptor: int, content: bytes, offset: int) -> None:
    """Write at an offset. Raises OSError."""
    view = memoryview(content)
    while view:
        if hasattr(os, "pwrite"):
            written = os.pwrite(descriptor, view, offset)
        else:
            os.lseek(descriptor, offset, os.SEEK_SET)
            written = os.write(descriptor, view)
        view = view[written:]
        offset += written


def remove_if_starts(path: str, magic: bytes) -> None:
    """Remove what an earlier recording of that name has left; any other file stays."""
    try:
        descriptor = os.open(path, os.O_RDONLY | BINARY)
        try:
            is_ours = os.read(descriptor, len(magic)) == magic
        finally:
            os.close(descriptor)
        if is_ours:
            os.unlink(path)
    except OSError:
        pass
