"""A second, naive reader of FORMAT.md: decodes a recording and replays it step by step."""

from __future__ import annotations

import os
import struct
import zlib

UNBOUND = ("unbound",)
KINDS = (
    "",
    "LIST",
    "TUPLE",
    "DICT",
    "SET",
    "FROZENSET",
    "DEQUE",
    "BYTEARRAY",
    "RANGE",
    "INSTANCE",
    "CELL",
    "NAMESPACE",
    "CLASS",
    "MODULE",
    "FUNCTION",
    "GENERATOR",
    "COROUTINE",
    "ASYNC_GENERATOR",
    "SCALAR",
    "EXCEPTION",
    "OPAQUE",
    "METHOD",
    "SLICE",
    "ARRAY",
    "REPR",
)
PAIRS = ("DICT", "NAMESPACE")


class Reader:
    def __init__(self, data, blobs, place=0):
        self.data = data
        self.place = place
        self.blobs = blobs
        self.strings = []
        self.inline = False

    def u8(self):
        self.place += 1
        return self.data[self.place - 1]

    def uv(self):
        shift = value = 0
        while True:
            byte = self.u8()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def sv(self):
        value = self.uv()
        return (value >> 1) ^ -(value & 1)

    def take(self, count):
        self.place += count
        assert self.place <= len(self.data)
        return bytes(self.data[self.place - count : self.place])

    def text(self):
        return self.take(self.uv()).decode("utf-8", "surrogatepass")

    def str(self):
        number = self.uv()
        if number:
            assert not self.inline
            return self.strings[number - 1]
        value = self.text()
        if not self.inline and len(value.encode("utf-8", "surrogatepass")) <= 128:
            self.strings.append(value)
        return value

    def value(self):
        tag = self.u8()
        if tag == 0:
            return UNBOUND
        if tag in (1, 2, 3):
            return ("scalar", (None, False, True)[tag - 1])
        if tag == 4:
            number = self.sv()
            assert abs(number) < 2**53, "an int of this size is a BIGINT"
            return ("scalar", number)
        if tag == 5:
            sign = self.u8()
            number = int.from_bytes(self.take(self.uv()), "little")
            return ("scalar", -number if sign else number)
        if tag == 6:
            return ("scalar", struct.unpack("<d", self.take(8))[0])
        if tag == 7:
            return ("scalar", complex(*struct.unpack("<dd", self.take(16))))
        if tag == 8:
            return ("scalar", self.str())
        if tag == 9:
            return ("cut", self.uv(), self.text())
        if tag == 10:
            return ("scalar", self.take(self.uv()))
        if tag == 11:
            total = self.uv()
            return ("cut", total, self.take(self.uv()))
        if tag == 12:
            return ("object", self.uv())
        if tag in (13, 14):
            return ("scalar", ... if tag == 13 else NotImplemented)
        if tag == 15:
            return ("not recorded", self.u8())
        if tag == 16:
            return ("scalar", self.blobs[self.uv()])
        if tag == 17:
            sign, bits = self.u8(), self.uv()
            return ("int cut", sign, bits, self.take(self.uv()))
        if tag == 18:
            return ("text", self.text())
        raise AssertionError(f"value tag {tag} at {self.place - 1}")

    def entries(self, count, pairs):
        if pairs:
            return [[self.value(), self.value()] for _ in range(count)]
        return [self.value() for _ in range(count)]

    def contents(self, thing):
        mask = self.u8()
        if mask & 1:
            thing["total"] = self.uv()
            thing["items"] = self.entries(self.uv(), thing["kind"] in PAIRS)
        if mask & 2:
            thing["attr_total"] = self.uv()
            thing["attrs"] = {}
            for _ in range(self.uv()):
                name = self.str()
                thing["attrs"][name] = self.value()
        if mask & 4:
            thing["text"] = self.text()
        if mask & 8:
            thing["value"] = self.value()
        if mask & 16:
            thing["total"] = self.uv()
            thing["bytes"] = bytearray(self.take(self.uv()))
        if mask & 32:
            thing["class"] = self.value()
        if mask & 64:
            thing["name"] = self.text()

    def frame(self):
        record = {
            "frame": self.uv(),
            "code": self.uv(),
            "offset": self.uv(),
            "step1": self.uv(),
            "globals": self.uv(),
            "locals": self.uv(),
            "flags": self.u8(),
        }
        count = self.uv()
        slots = [(self.value(), self.uv()) for _ in range(count)]
        record["values"] = [value for value, _ in slots]
        record["written"] = [written for _, written in slots]
        return record


def frames_of(content):
    """Give (kind, payload, ident, steps, events) of each frame of a file."""
    assert content[:8] == b"\x89HSIGHT\n"
    place, seq = 16, 0
    while place < len(content):
        header = content[place : place + 48]
        if len(header) < 48 or zlib.crc32(header[:44]) != struct.unpack("<I", header[44:])[0]:
            return
        magic, kind, codec, _, number, stored, raw, crc, ident, steps, events = struct.unpack(
            "<4sBBHIIIIQII", header[:40]
        )
        assert magic == b"HSF1" and number == seq, (magic, number, seq)
        payload = content[place + 48 : place + 48 + stored]
        if zlib.crc32(payload) != crc:
            return
        payload = zlib.decompress(payload, -15) if codec else payload
        assert len(payload) == raw
        yield kind, payload, ident, steps, events
        place += 48 + stored
        seq += 1


def decode_code(payload):
    reader = Reader(payload, {})
    code = {
        "id": reader.uv(),
        "file": reader.text(),
        "qualname": reader.text(),
        "name": reader.text(),
    }
    code["first_line"] = reader.sv()
    code["counts"] = [reader.uv() for _ in range(3)]
    code["flags"] = reader.uv()
    for field in ("varnames", "cellvars", "freevars", "names"):
        code[field] = [reader.text() for _ in range(reader.uv())]
    code["consts"] = [reader.value() for _ in range(reader.uv())]
    code["table_kind"] = reader.u8()
    code["table"] = reader.take(reader.uv())
    code["exceptions"] = reader.take(reader.uv())
    code["bytecode"] = reader.take(reader.uv())
    reader.take(16)
    code["source"] = reader.uv()
    cells = [name for name in code["cellvars"] if name not in code["varnames"]]
    code["slots"] = code["varnames"] + cells + code["freevars"]
    return code


class Replay:
    """All of a recording in memory; `on_step` is called at each LINE, after it."""

    def __init__(self, path, on_step=lambda replay: None, on_event=lambda name, operands: None):
        with open(path, "rb") as file:
            content = file.read()
        self.codes = {}
        self.blobs = {}
        self.sources = {}
        self.objects = {}
        self.threads = {}
        self.names = {}
        self.suspended = {}
        self.tasks = {}
        self.current = 0
        self.steps = 0
        self.events = 0
        self.output = []
        self.log = []
        self.last_seen = {}
        self.block = 0
        self.meta = None
        self.end = None
        self.on_step = on_step
        self.on_event = on_event
        self.checked_keyframes = 0
        self.restated = False
        self.gaps = 0
        frames = 0
        for kind, payload, _, steps, events in frames_of(content):
            frames += 1
            if kind == 1:
                self.meta = payload
            elif kind == 3:
                code = decode_code(payload)
                self.codes[code["id"]] = code
            elif kind == 4:
                reader = Reader(payload, {})
                number = reader.uv()
                self.sources[number] = (reader.text(), reader.text())
            elif kind == 5:
                reader = Reader(payload, {})
                number, form = reader.uv(), reader.u8()
                rest = payload[reader.place :]
                self.blobs[number] = rest.decode("utf-8", "surrogatepass") if form == 1 else rest
            elif kind == 2:
                self._block(payload, steps, events)
        tails = []
        for name in (path + ".tail", path + ".tail2"):
            if os.path.exists(name):
                with open(name, "rb") as file:
                    tails.append(file.read())
        # By the seq that their blocks will have.
        for tail in sorted(tails, key=lambda tail: struct.unpack("<I", tail[24:28])):
            key, length = struct.unpack("<II", tail[40:48])
            if length and struct.unpack("<I", tail[24:28])[0] >= frames:
                self._keyframe(tail[64 : 64 + key])
                self._events(tail[64 + key : 64 + key + length])

    def _block(self, payload, steps, events):
        key, length, directory = struct.unpack("<III", payload[:12])
        self._keyframe(payload[12 : 12 + key])
        before = self.steps, self.events
        self.touched = {}
        self._events(payload[12 + key : 12 + key + length])
        assert (steps, events) == (self.steps - before[0], self.events - before[1]), (
            "counts in the header"
        )
        reader = Reader(payload, {}, 12 + key + length)
        for _ in range(reader.uv()):
            oid, back = reader.uv(), reader.uv()
            first = self.touched.pop(oid)
            if back == 0:
                assert first, f"object {oid}: no base in the block"
            else:
                assert self.last_seen[oid] == self.block - back, f"object {oid}: back {back}"
            self.last_seen[oid] = self.block
        assert not self.touched, f"objects missing in the directory: {self.touched}"
        self.directory_frames = [reader.uv() for _ in range(reader.uv())]
        assert reader.place == 12 + key + length + directory
        self.block += 1

    def _keyframe(self, data):
        """Check the keyframe against what the replay has."""
        reader = Reader(data, self.blobs)
        reader.inline = True
        for _ in range(reader.uv()):
            ident = reader.uv()
            reader.text()
            shared, count = reader.uv(), reader.uv()
            stack = self.threads.get(ident, [])
            if self.restated:
                self.threads[ident] = stack[:shared]
                for _ in range(count):
                    record = reader.frame()
                    slots = self.codes[record["code"]]["slots"]
                    record["values"] += [UNBOUND] * (len(slots) - len(record["values"]))
                    self.suspended.pop(record["frame"], None)
                    self.threads[ident].append(record)
                continue
            assert len(stack) == shared + count, ("keyframe depth", len(stack), shared, count)
            for frame in stack[shared:]:
                record = reader.frame()
                for field in ("frame", "code", "offset", "step1", "globals", "locals"):
                    assert record[field] == frame[field], ("keyframe", field, record, frame)
                mine = frame["values"] + [UNBOUND] * (len(record["values"]) - len(frame["values"]))
                assert repr(record["values"]) == repr(mine), ("keyframe", record["values"], mine)
                frame["written"] = record["written"]
            self.checked_keyframes += 1
        current = reader.uv()
        assert self.restated or current == self.current, "keyframe: current thread"
        self.current = current
        self.restated = False
        assert reader.place == len(data)

    def _events(self, data):
        reader = Reader(data, self.blobs)
        while reader.place < len(data):
            opcode = reader.u8()
            self.events += 1
            if opcode >= 0x80:
                self._line(self.top["offset"] + opcode - 0xC0)
            elif opcode == 1:
                self._line(reader.uv())
            else:
                name = EVENTS[opcode]
                operands = getattr(self, "_" + name)(reader)
                self.on_event(name, operands)

    def is_lost(self, name, operands):
        """Say whether an event changes an object that no variable leads to.

        Only a source that is told of the call that changes it meets such an object.
        """
        if name not in ("new", "append", "splice", "item_set", "attr_set"):
            return False
        number = operands[0] if type(operands) is tuple else operands
        return not self._leads_to(number)

    def _leads_to(self, number):
        frames = [frame for stack in self.threads.values() for frame in stack]
        frames += self.suspended.values()
        pending = [value for frame in frames for value in frame["values"]]
        pending += [("object", frame[field]) for frame in frames for field in ("globals", "locals")]
        seen = set()
        while pending:
            value = pending.pop()
            if type(value) is not tuple or len(value) != 2 or value[0] != "object":
                continue
            if value[1] == number:
                return True
            if value[1] not in seen:
                seen.add(value[1])
                thing = self.objects.get(value[1]) or {}
                pending.append(thing.get("value"))
                pending += (thing.get("attrs") or {}).values()
                for item in thing.get("items") or ():
                    pending += item if type(item) is list else (item,)
        return False

    @property
    def stack(self):
        return self.threads[self.current]

    @property
    def top(self):
        return self.stack[-1]

    def _line(self, offset):
        self.top["offset"] = offset
        self.steps += 1
        self.top["step1"] = self.steps
        self.on_event("line", offset)
        self.on_step(self)

    def _touch(self, oid, base=False):
        if hasattr(self, "touched") and oid not in self.touched:
            self.touched[oid] = base
        thing = self.objects[oid]
        assert not thing.get("dead"), f"event of dead object {oid}"
        return thing

    def _call(self, r):
        offset = r.uv()
        if self.stack:
            self.top["offset"] = offset
        frame = {
            "frame": r.uv(),
            "code": r.uv(),
            "globals": r.uv(),
            "locals": r.uv(),
            "flags": r.u8(),
            "offset": 0,
            "step1": 0,
        }
        frame["values"] = [r.value() for _ in range(r.uv())]
        slots = self.codes[frame["code"]]["slots"]
        frame["values"] += [UNBOUND] * (len(slots) - len(frame["values"]))
        self.stack.append(frame)
        return self.codes[frame["code"]]["name"]

    def _return(self, r):
        self.top["offset"] = r.uv()
        value = r.value()
        self.stack.pop()
        return value

    def _yield(self, r):
        self.top["offset"] = r.uv()
        value = r.value()
        frame = self.stack.pop()
        self.suspended[frame["frame"]] = frame
        return value

    def _resume(self, r):
        offset = r.uv()
        if self.stack:
            self.top["offset"] = offset
        number = r.uv()
        frame = self.suspended.pop(number, None)
        if frame is None:
            assert self.gaps
            frame = {}
        if r.u8():
            record = r.frame()
            if not self.gaps:
                assert repr(record["values"]) == repr(frame["values"]), (
                    "resume record",
                    record,
                    frame,
                )
                assert record["offset"] == frame["offset"]
            frame.update(record)
        self.stack.append(frame)
        return self.codes[frame["code"]]["name"]

    def _throw(self, r):
        name = self._resume(r)
        return name, r.value()

    def _unwind(self, r):
        self.stack.pop()
        return r.value()

    def _raise(self, r):
        self.top["offset"] = r.uv()
        return r.u8(), r.value()

    def _handled(self, r):
        return r.uv()

    def _write(self, r):
        slot = r.uv()
        self.top["values"][slot] = value = r.value()
        return self.codes[self.top["code"]]["slots"][slot], value

    def _delete(self, r):
        slot = r.uv()
        self.top["values"][slot] = UNBOUND
        return self.codes[self.top["code"]]["slots"][slot]

    def _find(self, number):
        for stack in self.threads.values():
            for frame in stack:
                if frame["frame"] == number:
                    return frame
        return self.suspended[number]

    def _write_in(self, r):
        number, slot = r.uv(), r.uv()
        frame = self._find(number)
        frame["values"][slot] = value = r.value()
        return self.codes[frame["code"]]["slots"][slot], value

    def _frame(self, r):
        record = r.frame()
        assert repr(record["values"]) == repr(self.suspended[record["frame"]]["values"])

    def _thread(self, r):
        ident = r.uv()
        # The next keyframe may say something new.
        self.restated = self.restated or ident == self.current
        self.current = ident
        return ident

    def _thread_start(self, r):
        ident = r.uv()
        self.threads.setdefault(ident, [])
        self.names[ident] = r.str()
        return self.names[ident]

    def _thread_end(self, r):
        ident = r.uv()
        del self.threads[ident]
        if self.current == ident:
            self.current = 0

    def _new(self, r):
        oid = r.uv()
        assert oid not in self.objects
        thing = self.objects[oid] = {"kind": KINDS[r.u8()], "type": r.str()}
        r.contents(thing)
        self._touch(oid, base=True)
        return oid, thing["kind"], thing["type"]

    def _contents(self, r):
        oid = r.uv()
        thing = self._touch(oid, base=True)
        why = r.u8()
        old = dict(thing)
        for part in ("items", "attrs", "value", "bytes", "class", "name"):
            thing.pop(part, None)
        r.contents(thing)
        if why == 1:
            assert repr([old.get(p) for p in ("items", "attrs", "value", "class")]) == repr(
                [thing.get(p) for p in ("items", "attrs", "value", "class")]
            ), ("checkpoint differs", old, thing)
        return oid

    def _item_set(self, r):
        oid = r.uv()
        thing = self._touch(oid)
        place = r.uv()
        value = r.value()
        if thing["kind"] in PAIRS:
            thing["items"][place][1] = value
        else:
            thing["items"][place] = value
        return oid, place, value

    def _append(self, r):
        oid = r.uv()
        thing = self._touch(oid)
        thing["items"] += r.entries(1, thing["kind"] in PAIRS)
        thing["total"] += 1
        return oid

    def _splice(self, r):
        oid = r.uv()
        thing = self._touch(oid)
        start, deleted, inserted = r.uv(), r.uv(), r.uv()
        assert start + deleted <= len(thing["items"])
        thing["items"][start : start + deleted] = r.entries(inserted, thing["kind"] in PAIRS)
        thing["total"] += inserted - deleted
        return oid

    def _length(self, r):
        thing = self._touch(r.uv())
        thing["total"] = r.uv()

    def _attr_set(self, r):
        oid = r.uv()
        thing = self._touch(oid)
        name = r.str()
        thing.setdefault("attrs", {})[name] = value = r.value()
        return oid, name, value

    def _attr_del(self, r):
        thing = self._touch(r.uv())
        del thing["attrs"][r.str()]

    def _bytes_splice(self, r):
        thing = self._touch(r.uv())
        start, deleted, inserted = r.uv(), r.uv(), r.uv()
        thing["bytes"][start : start + deleted] = r.take(inserted)
        thing["total"] += inserted - deleted

    def _type(self, r):
        thing = self._touch(r.uv())
        thing["type"] = r.str()

    def _unknown(self, r):
        reason = r.u8()
        found = [r.uv() for _ in range(r.uv())]
        for oid in found:
            self._touch(oid)["unknown"] = reason
        return found

    def _known(self, r):
        self._touch(r.uv())["unknown"] = 0

    def _dead(self, r):
        found = [r.uv() for _ in range(r.uv())]
        for oid in found:
            assert not self.objects[oid].get("dead")
            self.objects[oid]["dead"] = True
        return found

    def _output(self, r):
        written = r.u8(), r.text()
        self.output.append(written)
        return written

    def _gap(self, r):
        self.gaps += 1
        return r.u8(), r.text()

    def _end(self, r):
        self.end = r.u8(), r.sv(), r.value()
        return self.end

    def _child(self, r):
        return r.uv()

    def _evaluate(self, r):
        return r.text()

    def _generator(self, r):
        oid = r.uv()
        self._touch(oid)["value"] = ("scalar", r.uv())

    def _dropped(self, r):
        number = r.uv()
        del self.suspended[number]
        return number

    def _cell_set(self, r):
        thing = self._touch(r.uv())
        thing["value"] = r.value()

    def _class(self, r):
        thing = self._touch(r.uv())
        thing["class"] = r.value()

    def _task(self, r):
        number = r.uv()
        self.tasks[number] = r.uv()
        return number


EVENTS = (
    "",
    "line_at",
    "call",
    "return",
    "yield",
    "resume",
    "throw",
    "unwind",
    "raise",
    "handled",
    "write",
    "delete",
    "write_in",
    "frame",
    "thread",
    "thread_start",
    "thread_end",
    "new",
    "contents",
    "item_set",
    "append",
    "splice",
    "length",
    "attr_set",
    "attr_del",
    "bytes_splice",
    "type",
    "unknown",
    "known",
    "dead",
    "output",
    "gap",
    "end",
    "child",
    "evaluate",
    "generator",
    "dropped",
    "cell_set",
    "class",
    "unknown_since",
    "task",
)
