"""How the encoded events of a recording reach the disk, and survive whatever ends the process.

`LogWriter` owns the recording, to which whole frames are appended, and its tail, a mapped file that
holds the block that is not sealed yet (FORMAT.md, sections 1, 2, 4 and 7). The order of the stores
into the tail is the invariant here: bytes first, then the length that makes them count.

With the native recorder there are two tails in turn: while a thread seals the block in one
(native/sealer.c), the program goes on in the other. Before anything else is appended, and before
the first tail is needed again, that thread is joined; no more than one is there at any time. What
it could not write is written here, where an error is met as ever.

A recording of bounded size goes on in another file from time to time (section 9, `parts.py`).
"""

from __future__ import annotations

import os
import struct
import sys
import zlib
from time import monotonic

from . import format as f
from .core import EventBuffer, WriterFields, deflate, new_sealer
from .files import (
    BINARY,
    check_replaceable,
    close_if_same,
    create,
    identity_of,
    read_at,
    remove_if_starts,
    write_all,
)
from .high_descriptors import high_descriptors
from .signals_later import signals_later
from .tail import Tail

TYPE_CHECKING = False
if TYPE_CHECKING:
    import mmap
    from collections.abc import Callable, Mapping

_crc32 = zlib.crc32
_HEADER = struct.Struct("<4sBBHIIIIQIII")
_CRC = struct.Struct("<I")
_SECTIONS = struct.Struct("<III")
_EMPTY_KEYFRAME = b"\0\0"
_EMPTY_DIRECTORY = b"\0\0"
_TAIL_SIZE = f.TAIL_DATA + f.MAX_RAW + 128 * 1024
_HEADROOM = 120
# What is put behind the name of a recording for its newer part, and for one that is being begun.
_NEXT = ".next"
_FRESH = ".new"
_TAILS = (".tail", ".tail2")
# A second tail would take too much of a recording that is bounded to fewer bytes.
_LEAST_FOR_TWO = 8 * _TAIL_SIZE
_FILE_HEADER_SIZE = 16
_MOST_MICROSECONDS = (1 << 32) - 1

_UV: tuple[bytes, ...] = tuple(
    [bytes((low,)) for low in range(128)]
    + [bytes((low, high)) for high in range(1, 128) for low in range(128, 256)]
)


def _long_uv(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def uv(number: int) -> bytes:
    """Encode a number that is not negative as an unsigned varint (hot)."""
    return _UV[number] if number < 0x4000 else _long_uv(number)


def read_uv(content: bytes, place: int) -> int:
    """Decode an unsigned varint."""
    number = shift = 0
    while content[place] > 0x7F:
        number |= (content[place] & 0x7F) << shift
        shift += 7
        place += 1
    return number | content[place] << shift


def sv(number: int) -> bytes:
    """Encode a number as a zigzag varint (hot)."""
    number = number * 2 if number >= 0 else -2 * number - 1
    return _UV[number] if number < 0x4000 else _long_uv(number)


def text(value: str) -> bytes:
    """Encode a string with its length in front, outside any string table."""
    encoded = value.encode("utf-8", "surrogatepass")
    return uv(len(encoded)) + encoded


def put_str(buf: bytearray, strings: dict[str, int], value: str) -> None:
    """Append a `str` of an events section, by its place in the block's table if any (hot)."""
    place = strings.get(value)
    if place is not None:
        buf += _UV[place] if place < 0x4000 else _long_uv(place)
        return
    encoded = value.encode("utf-8", "surrogatepass")
    length = len(encoded)
    if length <= f.MAX_TABLE_STRING:
        strings[value] = len(strings) + 1
    buf.append(0)
    buf += uv(length)
    buf += encoded


def _json(value: object) -> str:
    """Write the few shapes that META has; `json` would be one more import into the program."""
    if type(value) is str:
        return '"' + "".join(map(_json_character, value)) + '"'
    if type(value) is list:
        return "[" + ",".join(map(_json, value)) + "]"
    if type(value) is dict:
        return "{" + ",".join(f"{_json(key)}:{_json(item)}" for key, item in value.items()) + "}"
    if value is None or type(value) is bool:
        return {None: "null", True: "true", False: "false"}[value]
    return repr(value)


def _json_character(character: str) -> str:
    code = ord(character)
    if 0x20 <= code < 0x7F and character not in '"\\':
        return character
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


class LogWriter(WriterFields):
    """The log of one recording.

    `meta` holds the keys of META but `recording`, which is chosen here. `warn` is told one sentence
    when the file cannot be written any more; from then on `failed` is true and nothing is recorded.
    The recorder sets `on_block_start` (keyframe), `on_block_end` (directory) and, if it wants to
    know of a failure, `on_failure`. The first block starts with an empty keyframe: no frame runs.
    `max_size` bounds the files of the recording, in bytes; 0 does not. Then `on_part_start` writes
    what a later part begins with, by `carry`, and `on_part_meta` gives what its META says besides.
    Raises OSError when the files cannot be created.
    """

    def __init__(
        self,
        path: str,
        meta: Mapping[str, object],
        warn: Callable[[str], None] = lambda _: None,
        max_size: int = 0,
    ) -> None:
        self.buf = EventBuffer()
        self.strings: dict[str, int] = {}
        self.block = 0
        self.step = 0
        self.offset = 0
        self.failed = False
        self.path = os.path.abspath(path)
        # Of the file that is written to: the first part's, or a later one's while it is the newer.
        self._file_path = self.path
        # Parts that the files hold and held; files begun so far, also those that were given up.
        self.part = 0
        self.file_number = 1
        self.first_block = 0
        self._max_size = max_size
        self._meta = meta
        self._first_step = 0
        # Bytes: of the older part's file, of the beginning of this one, of its largest block.
        self._older = self._beginning = self._largest = 0
        # No other part before the file has this many bytes.
        self._not_before = 0
        self._is_beginning = self._is_ending = False
        self.on_part_start: Callable[[], None] = lambda: None
        self.on_part_meta: Callable[[], dict[str, int]] = dict
        self.on_block_start: Callable[[], bytes] = lambda: _EMPTY_KEYFRAME
        self.on_block_end: Callable[[], bytes] = lambda: _EMPTY_DIRECTORY
        self.on_failure: Callable[[], None] = lambda: None
        self._warn = warn
        self._recording = os.urandom(16)
        self._seq = 0
        self._block_steps = 0
        self._block_events = 0
        self._block_began = 0.0
        self._raised_limit = 0
        self._program_limit = 0
        self._end = 0
        self._events_start = 0
        self._capacity = 0
        # The last block was left to the sealer, and it is not known yet what came of it.
        self._is_left = False
        # Seconds that the program has waited for the sealer since the last block was sealed.
        self._waited = 0.0
        can_be_two = not max_size or max_size >= _LEAST_FOR_TWO
        self._sealer = new_sealer() if can_be_two else None
        self._tails: list[Tail] = []
        # Which of them is written to.
        self._turn = 0
        # Their maps, for C as well: of the one that is written to, of the one that has the bell.
        self._tail: mmap.mmap | None = None
        self._bell: mmap.mmap | None = None
        with high_descriptors():
            # Before anything of an earlier recording goes.
            for suffix in _TAILS if self._sealer is not None else _TAILS[:1]:
                check_replaceable(self.path + suffix)
            for suffix in (_NEXT, _FRESH):
                remove_if_starts(self.path + suffix, f.FILE_MAGIC)
            remove_if_starts(self.path + _TAILS[1], f.TAIL_MAGIC)
            self._file = create(self.path)
            self._identity = identity_of(self._file)
            try:
                for suffix in _TAILS if self._sealer is not None else _TAILS[:1]:
                    self._tails.append(Tail(self.path + suffix, _TAIL_SIZE))
                self._write_beginning()
            except OSError:
                os.close(self._file)
                for tail in self._tails:
                    tail.close()
                    tail.remove()
                raise
        self._take_maps()
        self._start_block(_EMPTY_KEYFRAME)

    # The events of a block.

    def commit(self, steps: int, events: int) -> None:
        """Move `buf` to the tail and seal the block when a limit is reached (hot).

        `steps` and `events` count what is in `buf`. An exception of the program that surfaces here
        (a signal's, say) leaves `buf` empty if and only if its events are in the log.
        """
        buf = self.buf
        tail = self._tail
        if tail is None or self.failed:
            buf.clear()
            return
        start = self._end
        end = start + len(buf)
        if end > self._capacity:
            try:
                self._grow(end)
            except OSError as error:
                self._fail(error)
                return
            tail = self._tail
        if self._raised_limit:
            self._restore_recursion_limit()
        now = monotonic()
        if self._block_events == 0:
            self._block_began = now
        length = (end - self._events_start).to_bytes(4, "little")
        block_steps = self._block_steps + steps
        block_events = self._block_events + events
        step = self.step + steps
        # No call from here on: since 3.10 signals are seen only after calls and jumps. In 3.9 they
        # may come between any two of these lines, which can all be done again.
        try:
            tail[start:end] = buf  # type: ignore[index]
            tail[44:48] = length  # type: ignore[index]
            self._end = end
            self._block_steps = block_steps
            self._block_events = block_events
            self.step = step
            del buf[:]
        except BaseException:
            if buf:
                tail[start:end] = buf  # type: ignore[index]
                tail[44:48] = length  # type: ignore[index]
            self._end = end
            self._block_steps = block_steps
            self._block_events = block_events
            self.step = step
            del buf[:]
            raise
        if (
            self._block_steps >= f.MAX_STEPS
            or self._block_events >= f.MAX_EVENTS
            or end - self._events_start >= f.MAX_RAW
            or now - self._block_began >= f.MAX_AGE
        ):
            self.seal()

    def seal(self, waits: bool = False) -> None:
        """End the block, if it has any event, and begin the next one.

        A thread may write it while the program goes on, unless this `waits`. What is in `buf` is
        not part of it: commit first. So near to the program's recursion limit that there is no room
        to do it, the block stays open a little longer.
        """
        if self._tail is None or self.failed or self._block_events == 0:
            return
        if self._raised_limit:
            self._restore_recursion_limit()
            if self._raised_limit:
                return
        self._program_limit = sys.getrecursionlimit()
        self._raised_limit = self._program_limit + _HEADROOM
        sys.setrecursionlimit(self._raised_limit)
        try:
            with signals_later():
                self._join()
                self._write_block(waits or self._is_ending)
                try:
                    if self._max_size and not self._is_left and self._is_full():
                        self._begin_part()
                finally:
                    keyframe = self.on_block_start()
                    if self._is_left:
                        self._turn = 1 - self._turn
                        self._take_maps()
                    self._start_block(keyframe)
        except OSError as error:
            self._fail(error)
        finally:
            self._restore_recursion_limit()

    def flush(self) -> int:
        """Have all that was committed in the file; returns how many bytes it has."""
        self.seal(waits=True)
        self.join()
        return self.offset

    def join(self) -> None:
        """Wait until the block that is being sealed is in the file."""
        try:
            self._join()
        except OSError as error:
            if not self.failed:
                self._fail(error)

    def leave_no_thread(self) -> None:
        """Join, and wait until nobody counts the thread any more: os.fork warns of threads."""
        self.join()
        if self._sealer is not None:
            self._sealer.await_end()

    def _join(self) -> None:
        sealer = self._sealer
        if sealer is None:
            return
        is_written, length, seconds = sealer.join()
        if not self._is_left:
            return
        if not is_written:
            self._write_at(sealer.frame())
        largest = max(self._largest, length)
        # No call from here on: an exception of the program comes before all of it, or after.
        self._is_left = False
        self._waited += seconds
        self.offset += length
        self._largest = largest

    def _restore_recursion_limit(self) -> None:
        """Give the program its own limit back; very near to it this waits for a lower stack."""
        try:
            if sys.getrecursionlimit() == self._raised_limit:
                sys.setrecursionlimit(self._program_limit)
            self._raised_limit = 0
        except RecursionError:
            pass

    def frame(self, kind: int, payload: bytes, ident: int = 0) -> None:
        """Append a CODE, SOURCE or BLOB frame now, before the block that refers to it."""
        tail = self._tail
        if tail is None or self.failed:
            return
        if self._is_beginning:
            # The tail is the last block of the part before.
            self.carry(kind, payload, ident)
            return
        frame = self._encode_frame(kind, payload, ident)
        try:
            self._join()
            # First the tail moves behind this frame: no crash between the two makes it look old.
            tail[f.TAIL_SEQ : f.TAIL_SEQ + 4] = (self._seq + 1).to_bytes(4, "little")
            self._append(frame)
        except OSError as error:
            self._fail(error)

    # The debugger's bell.

    def attention(self) -> bool:
        """Say whether the debugger has sent something (hot)."""
        bell = self._bell
        return bell is not None and bell[f.TAIL_ATTENTION] != 0

    def clear_attention(self) -> None:
        """Forget the bell; done before the messages are read, so that none is missed."""
        if self._bell is not None:
            self._bell[f.TAIL_ATTENTION] = 0

    # The end.

    def close(self) -> None:
        """Seal, remove the tails and close; after a failure they stay: they are the last blocks."""
        if self._tail is None:
            return
        self._is_ending = True
        self.seal()
        self.join()
        keep_tails = self.failed
        self._release()
        if not keep_tails:
            for tail in self._tails:
                tail.remove()

    def abandon(self) -> None:
        """Forget everything and write nothing: the files belong to this forked process's parent."""
        self.buf.clear()
        # A thread of it is the parent's, too.
        self._sealer = None
        if self._tail is not None:
            self._release()

    def _release(self) -> None:
        self.failed = True
        self._tail = self._bell = None
        for tail in self._tails:
            tail.close()
        close_if_same(self._file, self._identity)

    def _fail(self, error: OSError) -> None:
        """Stop recording: what the tail holds is the end of it, with a GAP that says so."""
        self.failed = True
        self.buf.clear()
        reason = error.strerror or str(error)
        gap = bytes((f.GAP, f.REASON_WRITE_ERROR)) + text(
            f"the recording could not be written: {reason}"
        )
        tail = self._tail
        end = self._end + len(gap)
        if tail is not None and end <= self._capacity:
            tail[self._end : end] = gap
            tail[44:48] = (end - self._events_start).to_bytes(4, "little")
            self._end = end
        self._warn(f"recording stopped: {self.path}: {reason}")
        self.on_failure()

    # Parts of a bounded recording.

    @property
    def is_bounded(self) -> bool:
        """Say whether other parts may follow."""
        return self._max_size > 0

    def carry(self, kind: int, payload: bytes, ident: int) -> None:
        """Append a frame of a part's beginning. Raises OSError."""
        self._append(self._encode_frame(kind, payload, ident))

    def carry_blobs(self, wanted: set[int]) -> None:
        """Append the BLOB frames with these ids, as the part before has them. Raises OSError."""
        with high_descriptors():
            descriptor = os.open(self.path, os.O_RDONLY | BINARY)
        try:
            offset = _FILE_HEADER_SIZE
            while wanted:
                header = read_at(descriptor, f.FRAME_HEADER_SIZE, offset)
                if len(header) < f.FRAME_HEADER_SIZE:
                    return
                fields = _HEADER.unpack_from(header)
                _, kind, codec, _, _, length, raw_length, _, ident, _, _, _ = fields
                offset += f.FRAME_HEADER_SIZE
                if kind == f.BLOB and ident in wanted:
                    wanted.discard(ident)
                    stored = read_at(descriptor, length, offset)
                    self._append(self._frame_of(kind, stored, codec, raw_length, ident))
                offset += length
        finally:
            os.close(descriptor)

    def _share(self) -> int:
        """Return the bytes that each of two parts may have; the tails count, too."""
        return (self._max_size - self._tail_sizes()) // 2

    def _tail_sizes(self) -> int:
        return sum(tail.size for tail in self._tails)

    def _is_full(self) -> bool:
        """Say whether the next block would be too much for this part.

        What a part begins with is never more than half of it: else little would be gained.
        """
        if self._is_ending or self.buf:
            return False
        least = max(2 * self._beginning, self._not_before)
        return self.offset + self._largest > self._share() and self.offset >= least

    def _begin_part(self) -> None:
        """Go on in another file, which begins with all that is alive.

        At every moment the files that are there hold everything up to the last sealed block.
        """
        if self._file_path != self.path and not self._drop_older():
            return
        before = (
            self._file, self._identity, self._seq, self.offset, self._older, self._beginning,
            self._largest, self._first_step, self.first_block,
        )  # fmt: skip
        path = self.path + _FRESH
        try:
            if os.path.lexists(self.path + _NEXT):
                raise FileExistsError(17, "another file has its name")
            with high_descriptors():
                descriptor = create(path, os.O_EXCL)
        except OSError as error:
            self._postpone(error)
            return
        older, older_identity = self._file, self._identity
        self._file, self._identity, self._file_path = descriptor, identity_of(descriptor), path
        self._older, self._largest = self.offset, 0
        self.part += 1
        self.file_number += 1
        self.first_block, self._first_step = self.block, self.step
        self._is_beginning = True
        done = False
        try:
            self._write_beginning()
            self.on_part_start()
            self._rename(self.path + _NEXT)
            done = True
        except Exception as error:
            self._postpone(error)
        finally:
            self._is_beginning = False
            self.buf.clear()
            if not done:
                close_if_same(self._file, self._identity)
                os.unlink(path)
                (
                    self._file, self._identity, self._seq, self.offset, self._older,
                    self._beginning, self._largest, self._first_step, self.first_block,
                ) = before  # fmt: skip
                self._file_path = self.path
                self.part -= 1
                # What was sent to the file that is gone is not in this one.
                self.file_number += 1
        if done:
            self._not_before = 0
            self._beginning = self.offset
            if 2 * self._beginning > self._share():
                self._warn("maxRecordingSize is exceeded: what is alive takes more than a quarter")
            close_if_same(older, older_identity)

    def _postpone(self, error: Exception) -> None:
        """Stay in this file for a while."""
        self._not_before = self.offset + self._share() // 4
        reason = getattr(error, "strerror", None) or type(error).__name__
        self._warn(f"maxRecordingSize is exceeded: {self.path + _NEXT}: {reason}")

    def _drop_older(self) -> bool:
        """Let the newer part take the place of the older one, which is gone then."""
        try:
            self._rename(self.path)
        except OSError as error:
            self._postpone(error)
            return False
        self._older = 0
        return True

    def _rename(self, path: str) -> None:
        """Give the file that is written to another name. Raises OSError."""
        # Some systems rename no file that is open: it is opened again when it is written to.
        if os.name == "nt":
            close_if_same(self._file, self._identity)
        os.replace(self._file_path, path)
        self._file_path = path

    def _make_room(self, length: int) -> None:
        """Drop the older part early when a frame of this many bytes is too much beside it.

        This one must hold some history of its own by then.
        """
        if self._file_path == self.path or self._is_beginning:
            return
        if self.offset >= 2 * self._beginning and self._total_with(length) > self._max_size:
            self._drop_older()

    def _total_with(self, length: int) -> int:
        return self._older + self.offset + length + self._tail_sizes()

    # Frames of the file.

    def _write_beginning(self) -> None:
        header = f.FILE_MAGIC + struct.pack("<HH", f.MAJOR, f.MINOR)
        self.offset = self._seq = 0
        self._write_at(header + struct.pack("<I", _crc32(header)))
        self.offset = _FILE_HEADER_SIZE
        keys = {"recording": self._recording.hex(), **self._meta}
        if self._max_size:
            keys["maxRecordingSize"] = self._max_size
            keys["part"] = self.part
            keys["firstStep"] = self._first_step
            keys["firstBlock"] = self.first_block
            keys.update(self.on_part_meta())
        self._append(self._encode_frame(f.META, _json(keys).encode()))

    def _write_block(self, waits: bool) -> None:
        """Write the block, or leave it and its tail to the sealer."""
        tail = self._tail
        if tail is None:
            return
        directory = self.on_block_end()
        first_step = self.step - self._block_steps
        numbers = (first_step, self._block_steps, self._block_events, self._take_waited())
        length = _SECTIONS.size + self._end - f.TAIL_DATA + len(directory)
        sealer = self._sealer
        if sealer is not None and not waits and self._may_leave(length):
            self._find_file()
            header = _header(f.BLOCK, f.STORED, self._seq, b"", length, *numbers)
            start, end = self._events_start, self._end
            if sealer.begin(self._file, self.offset, header, tail, start, end, directory):
                self._is_left = True
                self._seq += 1
                self.block += 1
                return
        keyframe = tail[f.TAIL_DATA : self._events_start]
        events = tail[self._events_start : self._end]
        lengths = _SECTIONS.pack(len(keyframe), len(events), len(directory))
        frame = self._encode_frame(f.BLOCK, lengths + keyframe + events + directory, *numbers)
        self._append(frame)
        self._largest = max(self._largest, len(frame))
        self.block += 1

    def _may_leave(self, length: int) -> bool:
        """Say whether a payload of so many bytes may be written in a thread.

        Where a part may end, its size must be known.
        """
        if not self._max_size:
            return True
        length += f.FRAME_HEADER_SIZE
        is_small = self.offset + length + max(self._largest, length) <= self._share()
        return is_small and self._total_with(length) <= self._max_size

    def _take_waited(self) -> int:
        """Return the microseconds that the program has waited since this was last asked."""
        seconds, self._waited = self._waited, 0.0
        return min(round(seconds * 1e6), _MOST_MICROSECONDS)

    def _encode_frame(self, kind: int, raw: bytes, ident: int = 0, *numbers: int) -> bytes:
        """Encode a frame that is appended now; `numbers` as of `_header`."""
        stored, codec = raw, f.STORED
        if len(raw) > 64:
            deflated = deflate(raw)
            if len(deflated) < len(raw):
                stored, codec = deflated, f.DEFLATE
        return self._frame_of(kind, stored, codec, len(raw), ident, *numbers)

    def _frame_of(
        self, kind: int, stored: bytes, codec: int, length: int, ident: int, *numbers: int
    ) -> bytes:
        return _header(kind, codec, self._seq, stored, length, ident, *numbers) + stored

    def _append(self, frame: bytes) -> None:
        self._make_room(len(frame))
        self._write_at(frame)
        length = len(frame)
        self.offset += length
        self._seq += 1

    def _write_at(self, frame: bytes) -> None:
        """Write at `offset`: a second attempt after an interruption writes the same place again."""
        self._find_file()
        try:
            write_all(self._file, frame, self.offset)
        except OSError:
            try:
                os.ftruncate(self._file, self.offset)
            except OSError:
                pass
            raise

    def _find_file(self) -> None:
        """Open the file again after the program closed a descriptor that was not its own."""
        if identity_of(self._file) == self._identity:
            return
        with high_descriptors():
            descriptor = os.open(self._file_path, os.O_RDWR | BINARY)
        if identity_of(descriptor) != self._identity:
            os.close(descriptor)
            raise OSError(0, "the file was closed and replaced")
        self._file = descriptor

    # The tail.

    def _take_maps(self) -> None:
        tail = self._tails[self._turn]
        self._tail = tail.map
        self._capacity = tail.size
        self._bell = self._tails[0].map

    def _grow(self, needed: int) -> None:
        # C must not find a map that is being closed.
        self._tail = self._bell = None
        try:
            self._tails[self._turn].grow(needed + needed // 4)
        finally:
            self._take_maps()

    def _start_block(self, keyframe: bytes) -> None:
        """Begin a block: the tail's seq, written last, makes the rest of its header count."""
        self.strings.clear()
        end = f.TAIL_DATA + len(keyframe)
        if end + f.MAX_RAW > self._capacity:
            self._grow(end + f.MAX_RAW)
        tail = self._tail
        if tail is None:
            return
        tail[f.TAIL_EVENTS_LENGTH : f.TAIL_EVENTS_LENGTH + 4] = bytes(4)
        tail[f.TAIL_DATA : end] = keyframe
        tail[f.TAIL_BLOCK : f.TAIL_BLOCK + 4] = self.block.to_bytes(4, "little")
        tail[f.TAIL_PART : f.TAIL_PART + 4] = self.part.to_bytes(4, "little")
        tail[f.TAIL_FIRST_STEP : f.TAIL_FIRST_STEP + 8] = self.step.to_bytes(8, "little")
        tail[f.TAIL_KEYFRAME_LENGTH : f.TAIL_KEYFRAME_LENGTH + 4] = len(keyframe).to_bytes(
            4, "little"
        )
        tail[f.TAIL_SEQ : f.TAIL_SEQ + 4] = self._seq.to_bytes(4, "little")
        tail[:24] = f.TAIL_MAGIC + self._recording
        self._events_start = self._end = end
        self._block_steps = 0
        self._block_events = 0


def _header(
    kind: int,
    codec: int,
    seq: int,
    stored: bytes,
    length: int,
    ident: int,
    steps: int = 0,
    events: int = 0,
    waited: int = 0,
) -> bytes:
    header = _HEADER.pack(
        f.FRAME_MAGIC, kind, codec, 0, seq, len(stored), length, _crc32(stored), ident, steps,
        events, waited,
    )  # fmt: skip
    return header + _CRC.pack(_crc32(header))
