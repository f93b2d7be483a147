"""What LogWriter writes is what FORMAT.md says, whatever ends the process.

HINDSIGHT_WRITER=native has C write, as test_sealing.py asks for.
"""

from __future__ import annotations

import os
import random
import signal
import struct
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [ROOT, os.path.dirname(os.path.abspath(__file__))]

from container import Container  # noqa: E402

from pytracer import format as f  # noqa: E402
from pytracer import recorder_choice  # noqa: E402

WRITER = os.environ.get("HINDSIGHT_WRITER", "python")
recorder_choice.choose(WRITER)

from pytracer import wire  # noqa: E402

POSIX = os.name == "posix"


def read_uv(content, place=0):
    number = shift = 0
    while True:
        byte = content[place]
        number |= (byte & 0x7F) << shift
        place += 1
        shift += 7
        if byte < 0x80:
            return number, place


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.path = os.path.join(self.folder, "x.hindsight")
        self.warnings = []

    def writer(self, **meta):
        return wire.LogWriter(self.path, meta, self.warnings.append)

    def child(self, code):
        """Run code in an interpreter of its own, with `writer` made for self.path."""
        start = f"""
            import os, sys, signal
            sys.path.insert(0, {ROOT!r})
            from pytracer import recorder_choice
            recorder_choice.choose({WRITER!r})
            from pytracer import wire
            writer = wire.LogWriter({self.path!r}, {{}}, lambda text: os.write(2, text.encode()))
        """
        return subprocess.run(
            [sys.executable, "-c", textwrap.dedent(start) + textwrap.dedent(code)],
            capture_output=True, check=False,
        )  # fmt: skip


class NumbersTest(unittest.TestCase):
    def test_unsigned_numbers_read_back(self):
        numbers = [*range(70000), *(2**power + d for power in range(14, 53) for d in (-1, 0, 1))]
        for number in numbers:
            encoded = wire.uv(number)
            self.assertEqual(read_uv(encoded), (number, len(encoded)))
            self.assertEqual(len(encoded), max(1, (number.bit_length() + 6) // 7))

    def test_signed_numbers_read_back(self):
        for number in [*range(-9000, 9000), 2**52, -(2**52)]:
            zigzag, _ = read_uv(wire.sv(number))
            self.assertEqual(zigzag >> 1 if zigzag % 2 == 0 else -(zigzag + 1) // 2, number)

    def test_a_string_enters_the_table_once_unless_it_is_long(self):
        strings, buf = {}, bytearray()
        longest = "é" * 64
        for text in ("a", longest, "a", longest + "x", longest + "x", longest, "\ud800"):
            wire.put_str(buf, strings, text)
        table, seen, place = [], [], 0
        while place < len(buf):
            number, place = read_uv(buf, place)
            if number:
                seen.append(table[number - 1])
                continue
            length, place = read_uv(buf, place)
            text = buf[place : place + length].decode("utf-8", "surrogatepass")
            place += length
            seen.append(text)
            if length <= 128:
                table.append(text)
        expected = ["a", longest, "a", longest + "x", longest + "x", longest, "\ud800"]
        self.assertEqual(seen, expected)
        self.assertEqual(table, ["a", longest, "\ud800"])


class FileTest(Case):
    def test_what_cannot_be_a_tail_is_told_before_an_earlier_recording_goes(self):
        self.writer().close()
        with open(self.path, "rb") as file:
            before = file.read()
        tail = self.path + ".tail"
        os.mkdir(tail)
        with self.assertRaises(IsADirectoryError):
            self.writer()
        os.rmdir(tail)
        os.symlink("nowhere/at/all", tail)
        with self.assertRaises(FileNotFoundError):
            self.writer()
        with open(self.path, "rb") as file:
            self.assertEqual(file.read(), before)

    def test_meta_comes_first_with_every_character(self):
        odd = 'é"\\\n\x00😀\ud800'
        writer = self.writer(python="3.12.1", argv=[odd, "b"], pid=5, started=1.5, none=None)
        writer.close()
        meta = Container(self.path).meta
        self.assertEqual(meta["argv"], [odd, "b"])
        self.assertEqual((meta["pid"], meta["started"], meta["none"]), (5, 1.5, None))
        self.assertRegex(meta["recording"], "^[0-9a-f]{32}$")

    def test_events_read_back_in_order_over_many_blocks(self):
        writer = self.writer()
        writer.on_block_start = lambda: b"K%d" % writer.block
        writer.on_block_end = lambda: b"D%d" % writer.block
        rng = random.Random(1)
        expected = bytearray()
        steps = 0
        for number in range(30000):
            chunk = bytes(rng.choices(range(256), k=rng.randrange(1, 90)))
            writer.buf += chunk
            expected += chunk
            steps += number % 3
            writer.commit(number % 3, 4)
            if number % 7000 == 0:
                writer.frame(f.CODE, b"code%d" % number, number)
        self.assertEqual(writer.step, steps)
        writer.close()
        read = Container(self.path)
        self.assertIsNone(read.note)
        self.assertEqual(read.log, bytes(expected))
        self.assertGreaterEqual(len(read.blocks), 3)
        self.assertEqual(sum(block.steps for block in read.blocks), steps)
        self.assertEqual(sum(block.events for block in read.blocks), 4 * 30000)
        first = 0
        for block in read.blocks:
            self.assertEqual(block.first_step, first)
            first += block.steps
            keyframe = b"K%d" % block.number if block.number else b"\0\0"
            self.assertEqual((block.keyframe, block.directory), (keyframe, b"D%d" % block.number))
        codes = [frame for frame in read.frames if frame.kind == f.CODE]
        self.assertEqual([frame.ident for frame in codes], [0, 7000, 14000, 21000, 28000])
        self.assertEqual(codes[1].raw, b"code7000")
        self.assertFalse(os.path.exists(self.path + ".tail"))
        self.assertEqual(writer.offset, os.path.getsize(self.path))

    def test_each_limit_ends_a_block(self):
        for steps, events, size, count in (
            (1, 1, 1, f.MAX_STEPS),
            (0, 4, 1, 12000),
            (0, 1, 4096, 128),
        ):
            writer = self.writer()
            for _ in range(count - 1):
                writer.buf += bytes(size)
                writer._block_began = time.monotonic()
                writer.commit(steps, events)
            self.assertEqual(writer.block, 0)
            writer.buf += bytes(size)
            writer.commit(steps, events)
            self.assertEqual(writer.block, 1)
            writer.close()

    def test_an_old_block_is_sealed_by_the_next_event(self):
        writer = self.writer()
        writer.buf += b"a"
        writer.commit(0, 1)
        time.sleep(f.MAX_AGE)
        self.assertEqual(writer.block, 0)
        writer.buf += b"b"
        writer.commit(0, 1)
        self.assertEqual(writer.block, 1)
        writer.close()

    def test_one_chunk_may_be_larger_than_the_tail(self):
        writer = self.writer()
        chunk = os.urandom(3 << 20)
        writer.buf += b"a"
        writer.commit(0, 1)
        writer.buf += chunk
        writer.commit(0, 1)
        writer.buf += b"b"
        writer.commit(0, 1)
        writer.close()
        self.assertEqual(Container(self.path).log, b"a" + chunk + b"b")

    def test_a_keyframe_may_be_larger_than_the_tail(self):
        writer = self.writer()
        keyframe = os.urandom(2 << 20)
        writer.on_block_start = lambda: keyframe
        for letter in (b"a", b"b", b"c"):
            writer.buf += letter
            writer.commit(1, 1)
            self.assertEqual(Container(self.path).log[-1:], letter)
            writer.seal()
        writer.close()
        read = Container(self.path)
        self.assertEqual([block.log for block in read.blocks], [b"a", b"b", b"c"])
        self.assertEqual(read.blocks[2].keyframe, keyframe)

    def test_strings_start_anew_with_each_block(self):
        writer = self.writer()
        wire.put_str(writer.buf, writer.strings, "a")
        writer.commit(0, 1)
        self.assertEqual(writer.strings, {"a": 1})
        writer.seal()
        self.assertEqual(writer.strings, {})
        writer.close()

    def test_sealing_without_events_writes_nothing(self):
        writer = self.writer()
        writer.seal()
        offset = writer.offset
        writer.close()
        self.assertEqual(os.path.getsize(self.path), offset)
        self.assertEqual(Container(self.path).blocks, [])

    def test_what_does_not_shrink_is_stored(self):
        writer = self.writer()
        noise = os.urandom(1000)
        writer.frame(f.BLOB, noise, 1)
        writer.frame(f.BLOB, bytes(1000), 2)
        writer.close()
        frames = Container(self.path).frames
        self.assertEqual([frame.codec for frame in frames[1:]], [f.STORED, f.DEFLATE])
        self.assertEqual([frame.raw for frame in frames[1:]], [noise, bytes(1000)])

    def test_every_prefix_of_a_recording_is_one(self):
        writer = self.writer(argv=["a"])
        for number in range(6):
            writer.frame(f.CODE, b"code" * number, number)
            writer.buf += bytes((number,)) * 3
            writer.commit(1, 3)
            writer.seal()
        writer.close()
        whole = Container(self.path)
        for length in range(len(whole.content)):
            with open(self.path, "wb") as file:
                file.write(whole.content[:length])
            part = Container(self.path)
            self.assertTrue(whole.log.startswith(part.log))
            ends = [16, *(frame.offset + frame.length for frame in whole.frames)]
            self.assertEqual(part.note is None, length in ends)
            self.assertEqual(len(part.frames), sum(end <= length for end in ends[1:]))

    def test_the_bell_rings_until_it_is_cleared(self):
        writer = self.writer()
        self.assertFalse(writer.attention())
        with open(self.path + ".tail", "r+b") as tail:
            tail.seek(28)
            tail.write(b"\x01")
        self.assertTrue(writer.attention())
        writer.buf += b"a"
        writer.commit(0, 1)
        writer.seal()
        self.assertTrue(writer.attention())
        writer.clear_attention()
        self.assertFalse(writer.attention())
        writer.close()
        self.assertFalse(writer.attention())

    @unittest.skipUnless(POSIX, "descriptors are numbers on POSIX")
    def test_the_program_gets_the_descriptors_that_it_would_get(self):
        expected = os.open(os.devnull, os.O_RDONLY)
        os.close(expected)
        writer = self.writer()
        got = os.open(os.devnull, os.O_RDONLY)
        os.close(got)
        writer.close()
        self.assertEqual(got, expected)


class InterruptionTest(Case):
    def test_a_recursion_limit_that_is_reached_does_not_end_the_recording(self):
        writer = self.writer()

        def deep():
            writer.buf += b"x"
            try:
                writer.commit(1, 1)
                writer.seal()
            except RecursionError:
                writer.buf.clear()
            deep()

        limit = sys.getrecursionlimit()
        with self.assertRaises(RecursionError):
            deep()
        self.assertFalse(writer.failed)
        writer.buf += b"y"
        writer.commit(1, 1)
        self.assertEqual(sys.getrecursionlimit(), limit)
        writer.close()
        self.assertTrue(Container(self.path).log.endswith(b"xy"))

    @unittest.skipUnless(hasattr(signal, "setitimer"), "needs interval timers")
    def test_signal_handlers_that_raise_lose_no_event(self):
        class AlarmError(Exception):
            pass

        def handler(number, frame):
            raise AlarmError

        writer = self.writer()
        expected = bytearray()
        raised = 0
        old = signal.signal(signal.SIGALRM, handler)
        try:
            number = 0
            while raised < 150:
                number += 1
                chunk = b"%08d" % number
                writer.buf += chunk
                expected += chunk
                try:
                    try:
                        signal.setitimer(signal.ITIMER_REAL, 0.00002 if number % 3 else 0.0002)
                        writer.commit(1, 1)
                        if number % 4 == 0:
                            writer.seal()
                    except AlarmError:
                        raised += 1
                        if writer.buf:
                            self.assertEqual(bytes(writer.buf), chunk)
                            writer.commit(1, 1)
                    try:
                        signal.setitimer(signal.ITIMER_REAL, 0)
                    except AlarmError:
                        raised += 1
                except AlarmError:
                    # Between the two.
                    raised += 1
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, old)
        writer.close()
        read = Container(self.path)
        self.assertIsNone(read.note)
        self.assertEqual(read.log, bytes(expected))


@unittest.skipUnless(POSIX, "POSIX ends processes this way")
class SurvivalTest(Case):
    def test_every_event_survives_each_sudden_end(self):
        for end in (
            "os._exit(3)",
            "os.kill(os.getpid(), signal.SIGKILL)",
            "import ctypes; ctypes.string_at(0)",
            "os.execv('/bin/true', ['true'])",
        ):
            for sealed in (False, True):
                code = f"""
                    for number in range(50):
                        writer.buf += b'%03d' % number
                        writer.commit(1, 3)
                        if {sealed} and number % 10 == 9: writer.seal()
                        if number == 20: writer.frame(3, b'code', 1)
                    {end}
                """
                self.child(code)
                read = Container(self.path)
                self.assertEqual(read.log, b"".join(b"%03d" % number for number in range(50)), end)
                self.assertEqual(len(read.blocks), 5 if sealed else 1)

    def test_kill_at_any_moment_leaves_a_prefix_that_holds_what_was_said_before(self):
        code = f"""
            import sys
            sys.path.insert(0, {ROOT!r})
            import os
            from pytracer import recorder_choice
            recorder_choice.choose({WRITER!r})
            from pytracer import wire
            writer = wire.LogWriter(sys.argv[1], {{}}, print)
            number = 0
            while True:
                number += 1
                writer.buf += b"%08d" % number
                writer.commit(1, 1)
                if number % 50 == 0:
                    writer.seal()
                if number % 70 == 0:
                    writer.frame(3, b"code", number)
                os.write(1, b"%08d" % number)
        """
        rng = random.Random(2)
        for _ in range(12):
            child = subprocess.Popen(
                [sys.executable, "-c", textwrap.dedent(code), self.path], stdout=subprocess.PIPE
            )
            said = child.stdout.read(8)
            deadline = time.monotonic() + rng.uniform(0.0, 0.05)
            while time.monotonic() < deadline:
                said = child.stdout.read(8)
            child.kill()
            said = (said + child.stdout.read())[-8:]
            child.stdout.close()
            child.wait()
            log = Container(self.path).log
            events = [int(log[place : place + 8]) for place in range(0, len(log), 8)]
            self.assertEqual(events, list(range(1, len(events) + 1)))
            self.assertGreaterEqual(len(events), int(said))

    def test_a_full_disk_stops_the_recording_says_so_once_and_keeps_what_was_there(self):
        done = self.child("""
            import resource
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
            said = 0
            stopped = []
            writer.on_failure = lambda: stopped.append(1)
            while not writer.failed:
                writer.buf += os.urandom(1000)
                writer.commit(1, 1)
                said += 1
            for _ in range(10):
                writer.buf += b'x'
                writer.commit(1, 1)
            writer.frame(3, b'code', 1)
            print(said, len(stopped), len(writer.buf))
            writer.close()
        """)
        said, stopped, left = map(int, done.stdout.split())
        self.assertEqual((stopped, left), (1, 0))
        self.assertEqual(done.stderr.count(b"recording stopped"), 1, done.stderr)
        self.assertIn(b"File too large", done.stderr)
        log = Container(self.path).log
        self.assertEqual(len(log[: log.rindex(bytes((f.GAP, 6)))]), said * 1000)
        self.assertIn(b"could not be written: File too large", log[-100:])

    def test_a_forked_child_writes_nothing(self):
        done = self.child("""
            writer.buf += b'a'
            writer.commit(1, 1)
            pid = os.fork()
            if pid == 0:
                writer.abandon()
                writer.buf += b'child'
                writer.commit(1, 1)
                writer.seal(); writer.frame(3, b'x', 1); writer.close()
                os._exit(0)
            os.waitpid(pid, 0)
            writer.buf += b'b'
            writer.commit(1, 1)
            writer.close()
        """)
        self.assertEqual(done.stderr, b"")
        self.assertEqual(Container(self.path).log, b"ab")

    def test_a_program_that_closes_all_descriptors_keeps_its_recording_and_its_files(self):
        other = os.path.join(self.folder, "other")
        done = self.child(f"""
            writer.buf += b'a'
            writer.commit(1, 1)
            writer.seal()
            os.closerange(3, 1024)
            files = [os.open({other!r}, os.O_RDWR | os.O_CREAT) for _ in range(600)]
            writer.buf += b'b'
            writer.commit(1, 1)
            writer.seal()
            writer.close()
            for file in files: os.fstat(file)
        """)
        self.assertEqual((done.stderr, done.returncode), (b"", 0))
        self.assertEqual(Container(self.path).log, b"ab")
        self.assertEqual(os.path.getsize(other), 0)

    def test_a_recording_that_cannot_be_created_is_an_error(self):
        with self.assertRaises(OSError):
            wire.LogWriter(os.path.join(self.folder, "missing", "x.hindsight"), {})

    def test_a_tail_of_another_recording_or_an_older_block_is_not_taken(self):
        self.child("writer.buf += b'a'; writer.commit(1, 1); os._exit(0)")
        with open(self.path + ".tail", "r+b") as tail:
            tail.seek(8)
            tail.write(bytes(16))
        self.assertEqual(Container(self.path).log, b"")
        self.child("writer.buf += b'a'; writer.commit(1, 1); writer.seal(); os._exit(0)")
        with open(self.path + ".tail", "r+b") as tail:
            tail.seek(24)
            tail.write(struct.pack("<I", 1))
            tail.seek(44)
            tail.write(struct.pack("<I", 1))
        self.assertEqual(Container(self.path).log, b"a")


if __name__ == "__main__":
    unittest.main()
