"""A thread seals blocks while the program goes on: nothing is lost, and nobody sees the thread."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [ROOT, HERE]

from container import Container  # noqa: E402
from recorders import FULL, HAS_NATIVE  # noqa: E402

LINUX = sys.platform.startswith("linux")
# Where os.fork warns of other threads.
WARNS = sys.version_info >= (3, 12)
START = f"""
import os, sys, time
sys.path.insert(0, {ROOT!r})
from pytracer import recorder_choice
recorder_choice.choose("native")
from pytracer import wire
writer = wire.LogWriter(sys.argv[1], {{}}, lambda text: os.write(2, text.encode()))

def threads():
    return len(os.listdir("/proc/self/task"))

def put(number, filling):
    writer.buf += b"%08d" % number + filling
    writer.commit(1, 1)
"""
# Noise takes long to deflate, and is not made smaller.
NOISE = 65536


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.path = os.path.join(self.folder, "x.hindsight")

    def start(self, code):
        return subprocess.Popen(
            [sys.executable, "-c", START + textwrap.dedent(code), self.path],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def child(self, code):
        child = self.start(code)
        out, errors = child.communicate()
        self.assertEqual((errors, child.returncode), (b"", 0))
        return out

    def numbers(self, filling=NOISE):
        """Give the numbers that `put` has put, and check that they are in order."""
        log = Container(self.path).log
        found = [int(log[at : at + 8]) for at in range(0, len(log), 8 + filling)]
        self.assertEqual(found, list(range(len(found))))
        return found

    def record(self, program):
        name = os.path.join(self.folder, "program.py")
        with open(name, "w") as file:
            file.write(textwrap.dedent(program))
        pytracer = os.path.join(ROOT, "pytracer")
        options = ["-o", self.path, "--recorder", "native"]
        environment = dict(os.environ, PYTHONWARNINGS="always")
        return subprocess.run(
            [sys.executable, pytracer, "record", *options, name],
            capture_output=True, check=False, timeout=120, env=environment,
        )  # fmt: skip


@unittest.skipUnless(HAS_NATIVE and os.name == "posix", "only the native recorder has the thread")
class SealingTest(Case):
    def test_what_holds_for_any_writer_holds_with_the_thread(self):
        environment = dict(os.environ, HINDSIGHT_WRITER="native")
        done = subprocess.run(
            [sys.executable, os.path.join(HERE, "test_wire.py")],
            capture_output=True, check=False, env=environment,
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertRegex(done.stderr, rb"Ran \d\d tests")

    def test_kill_at_any_moment_of_sealing_leaves_what_was_said_before(self):
        rng = random.Random(sys.version_info[1])
        in_both = 0
        for _ in range(40 if FULL else 15):
            child = self.start(f"""
                number = 0
                while True:
                    put(number, os.urandom({NOISE}))
                    os.write(1, b"%08d" % number)
                    if number % 3 == 2: writer.seal()
                    if number % 20 == 19: writer.frame(3, b"code", number)
                    number += 1
            """)
            said = child.stdout.read(8)
            deadline = time.monotonic() + rng.uniform(0.0, 0.1)
            while time.monotonic() < deadline:
                said = child.stdout.read(8)
            child.kill()
            said = (said + child.stdout.read())[-8:]
            child.communicate()
            self.assertGreaterEqual(len(self.numbers()), int(said) + 1)
            tails = [block for block in Container(self.path).blocks if block.from_tail]
            in_both += len(tails) == 2
        # The test has seen what it is about.
        self.assertGreater(in_both, 0)

    def test_a_full_disk_loses_no_event_of_either_tail(self):
        child = self.start(f"""
            import resource
            resource.setrlimit(resource.RLIMIT_FSIZE, (3 << 20, 3 << 20))
            number = 0
            while not writer.failed:
                put(number, os.urandom({NOISE}))
                number += 1
            writer.close()
            print(number)
        """)
        out, errors = child.communicate()
        self.assertEqual(errors.count(b"recording stopped"), 1, errors)
        self.assertIn(b"File too large", errors)
        container = Container(self.path)
        self.assertEqual([block.from_tail for block in container.blocks[-2:]], [True, True])
        self.assertIn(b"could not be written: File too large", container.log[-100:])
        log = container.log[: container.log.rindex(b"\x1f\x06")]
        self.assertEqual(len(log), int(out) * (8 + NOISE))

    def test_a_descriptor_that_is_closed_meanwhile_is_no_other_file(self):
        other = os.path.join(self.folder, "other")
        self.child(f"""
            files = []
            for number in range(60):
                put(number, os.urandom({NOISE}))
                if number % 6 == 5:
                    writer.seal()
                    # While the thread is at work.
                    os.closerange(3, 1024)
                    files = [os.open({other!r}, os.O_RDWR | os.O_CREAT) for _ in range(600)]
            writer.close()
            for file in files: os.fstat(file)
        """)
        self.assertEqual(self.numbers(), list(range(60)))
        self.assertEqual(os.path.getsize(other), 0)

    def test_the_log_says_how_long_the_program_waited(self):
        out = self.child("""
            size = 24 << 20
            put(0, os.urandom(size))
            writer.seal()
            put(1, b"")
            began = time.monotonic()
            writer.seal()
            seconds = time.monotonic() - began
            put(2, b"")
            writer.close()
            print(seconds)
        """)
        blocks = Container(self.path).frames[1:]
        waited = [frame.waited for frame in blocks]
        self.assertEqual(len(waited), 3)
        self.assertEqual(waited[0], 0)
        self.assertGreater(waited[1], 1000)
        self.assertLessEqual(waited[1], float(out) * 1e6)
        self.assertLess(waited[2], waited[1])

    @unittest.skipUnless(LINUX, "/proc tells of threads")
    def test_a_program_has_the_thread_only_while_a_block_is_sealed(self):
        out = self.child(f"""
            import mmap
            most = 0
            for number in range(300):
                put(number, os.urandom({NOISE}))
                writer.seal()
                most = max(most, threads())
                writer.leave_no_thread()
                assert threads() == 1, number
            writer.close()
            print(most, threads())
        """)
        self.assertEqual(out, b"2 1\n")
        self.assertEqual(self.numbers(), list(range(300)))

    @unittest.skipUnless(LINUX, "the limit is one on Linux")
    def test_where_no_thread_may_begin_blocks_are_sealed_as_ever(self):
        out = self.child(f"""
            import resource
            if os.getuid() == 0: os.setuid(65534)
            put(0, os.urandom({NOISE}))
            writer.seal()
            before = writer.offset
            writer.join()
            print(writer.offset > before)
            resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
            for number in range(1, 40):
                put(number, os.urandom({NOISE}))
                if number % 5 == 0:
                    writer.seal()
                    assert not writer._is_left
            writer.close()
        """)
        self.assertEqual(out, b"True\n")
        self.assertEqual(self.numbers(), list(range(40)))


@unittest.skipUnless(HAS_NATIVE and hasattr(os, "fork"), "only the native recorder has the thread")
class ForkTest(Case):
    PROGRAM = """
        import os, sys
        def work(number):
            items = [number + part for part in range(50)]
            return {item: str(item) for item in items}
        def busy(rounds):
            for number in range(rounds):
                work(number)
        for number in range(40):
            busy(500)
            pid = os.fork()
            if pid == 0:
                busy(20)
                os._exit(7)
            assert os.waitpid(pid, 0)[1] == 7 << 8
        busy(60)
        print("end")
    """

    def test_a_fork_while_blocks_are_sealed_gives_no_warning(self):
        done = self.record(self.PROGRAM)
        self.assertEqual((done.stdout, done.stderr, done.returncode), (b"end\n", b"", 0))
        container = Container(self.path)
        self.assertIsNone(container.note)
        # So many that most forks came while one was sealed.
        self.assertGreater(len(container.blocks), 40)
        self.assertFalse(os.path.exists(self.path + ".tail2"))

    def test_threads_and_forks_and_what_they_print(self):
        done = self.record("""
            import os, subprocess, sys, threading
            def work(name):
                total = 0
                for number in range(30000):
                    total += number
                print(name, total, flush=True)
            threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            for number in range(5):
                work("main")
                subprocess.run([sys.executable, "-c", ""], check=True, preexec_fn=lambda: None)
        """)
        self.assertEqual((done.stderr, done.returncode), (b"", 0))
        lines = sorted(done.stdout.decode().split("\n"))
        self.assertEqual(len(lines), 9)
        self.assertIsNone(Container(self.path).note)

    def test_a_child_that_goes_on_for_long_is_unharmed(self):
        done = self.record("""
            import os, sys
            def busy(rounds):
                for number in range(rounds):
                    items = [number]
            busy(30000)
            pid = os.fork()
            busy(30000)
            sys.stdout.write("chi" + "ld\\n" if pid == 0 else "")
            if pid:
                assert os.waitpid(pid, 0)[1] == 0
                sys.stdout.write("the pa" + "rent")
        """)
        self.assertEqual(done.stdout, b"child\nthe parent")
        self.assertEqual((done.stderr, done.returncode), (b"", 0))
        container = Container(self.path)
        self.assertIsNone(container.note)
        self.assertEqual(container.log.count(b"child"), 0)
        self.assertEqual(container.log.count(b"the parent"), 1)


@unittest.skipUnless(HAS_NATIVE, "only the native recorder has the second file")
class FilesTest(Case):
    def test_both_tails_are_there_while_it_is_recorded_and_none_afterwards(self):
        done = self.record("""
            import glob, sys
            names = glob.glob(sys.argv[0].replace("program.py", "x.hindsight.*"))
            print(*sorted(name.rpartition(".")[2] for name in names))
        """)
        self.assertEqual(done.stdout, b"tail tail2\n", done.stderr)
        self.assertEqual(os.listdir(self.folder).count("x.hindsight"), 1)
        self.assertEqual(len(os.listdir(self.folder)), 2)

    def test_a_second_tail_that_was_left_behind_is_removed_by_a_recorder_without(self):
        self.record("import os; os._exit(0)")
        self.assertTrue(os.path.exists(self.path + ".tail2"))
        pytracer = os.path.join(ROOT, "pytracer")
        program = os.path.join(self.folder, "program.py")
        options = ["-o", self.path, "--recorder", "settrace"]
        subprocess.run([sys.executable, pytracer, "record", *options, program], check=False)
        self.assertFalse(os.path.exists(self.path + ".tail2"))

    def test_the_bell_is_in_the_first_tail_whichever_is_written_to(self):
        self.child("""
            def ring(value):
                with open(sys.argv[1] + ".tail", "r+b") as tail:
                    tail.seek(28)
                    tail.write(bytes((value,)))
            for number in range(6):
                assert not writer.attention()
                ring(1)
                assert writer.attention()
                put(number, bytes(1 << (17 + number)))
                writer.seal()
                assert writer.attention()
                writer.clear_attention()
            writer.close()
        """)


if __name__ == "__main__":
    unittest.main()
