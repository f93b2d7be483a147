"""The container of a recording (FORMAT.md, sections 1, 2, 4 and 7), read without the recorder's own
code.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from typing import NamedTuple, Optional


class Frame(NamedTuple):
    kind: int
    codec: int
    seq: int
    ident: int
    steps: int
    events: int
    raw: bytes
    waited: int
    offset: int
    length: int


class Block(NamedTuple):
    number: int
    first_step: int
    steps: Optional[int]
    events: Optional[int]
    keyframe: bytes
    log: bytes
    directory: Optional[bytes]
    from_tail: bool


class Container:
    """Frames and blocks of a recording; `note` says where and why reading stopped, or is None.

    `name`: of the recording whose tails continue this file, when that is not its own.
    """

    def __init__(self, path, name=None):
        with open(path, "rb") as file:
            self.content = file.read()
        self.frames = []
        self.blocks = []
        self.meta = {}
        self.note = None
        self.failure_noted = False
        self._read_frames()
        self._read_tails(name or path)

    def _read_frames(self):
        content = self.content
        if len(content) < 16 or content[:8] != b"\x89HSIGHT\n":
            self.note = "no header"
            return
        major, _, crc = struct.unpack_from("<HHI", content, 8)
        if crc != zlib.crc32(content[:12]) or major != 1:
            self.note = "bad header"
            return
        offset = 16
        while offset < len(content):
            frame = self._frame_at(offset)
            if frame is None:
                self.note = f"stopped at {offset}"
                return
            self.frames.append(frame)
            if frame.kind == 1:
                self.meta = json.loads(frame.raw.decode())
            if frame.kind == 2:
                self._add_block(frame)
            offset += frame.length

    def _frame_at(self, offset):
        content = self.content
        header = content[offset : offset + 48]
        if len(header) < 48:
            return None
        fields = struct.unpack("<4sBBHIIIIQIIII", header)
        magic, kind, codec, flags, seq, stored, raw_length, crc = fields[:8]
        ident, steps, events, waited, own = fields[8:]
        if magic != b"HSF1" or own != zlib.crc32(header[:44]) or flags or seq != len(self.frames):
            return None
        payload = content[offset + 48 : offset + 48 + stored]
        if len(payload) != stored or zlib.crc32(payload) != crc:
            return None
        raw = zlib.decompress(payload, -15) if codec == 1 else payload
        if len(raw) != raw_length:
            return None
        return Frame(kind, codec, seq, ident, steps, events, raw, waited, offset, 48 + stored)

    def _add_block(self, frame):
        lengths = struct.unpack_from("<III", frame.raw)
        if sum(lengths) + 12 != len(frame.raw):
            raise ValueError("sections do not fill the block")
        ends = [12 + sum(lengths[:place]) for place in range(4)]
        keyframe, log, directory = (frame.raw[start:end] for start, end in zip(ends[:3], ends[1:]))
        self.blocks.append(
            Block(
                number=len(self.blocks),
                first_step=frame.ident,
                steps=frame.steps,
                events=frame.events,
                keyframe=keyframe,
                log=log,
                directory=directory,
                from_tail=False,
            )
        )

    def _read_tails(self, name):
        blocks = []
        for suffix in (".tail", ".tail2"):
            if os.path.exists(name + suffix):
                with open(name + suffix, "rb") as file:
                    blocks += self._tail_blocks(file.read())
        for block in sorted(blocks, key=lambda block: block.number):
            if block.number != self.meta.get("firstBlock", 0) + len(self.blocks):
                raise ValueError(f"the tails have block {block.number} and not the one before")
            # The last one may have no event yet.
            if block.log:
                self.blocks.append(block)

    def _tail_blocks(self, tail):
        if len(tail) < 64 or tail[:8] != b"\x89HSTAIL\n":
            return []
        if tail[8:24].hex() != self.meta.get("recording"):
            return []
        (seq,) = struct.unpack_from("<I", tail, 24)
        first_step, keyframe, events, number, part = struct.unpack_from("<QIIII", tail, 32)
        if part != self.meta.get("part", 0) or seq < len(self.frames):
            return []
        log = tail[64 + keyframe : 64 + keyframe + events]
        return [Block(number, first_step, None, None, tail[64 : 64 + keyframe], log, None, True)]

    @property
    def log(self):
        return b"".join(block.log for block in self.blocks)
