"""Each write to the standard streams is seen once, in order; the streams do not change."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def run(code, *, options=(), env=None):
    """Run code in an interpreter of its own; give what was seen and what came out."""
    start = f"""
        import io, json, os, sys
        sys.path.insert(0, {ROOT!r})
        from pytracer.output import StandardStreams
        seen = []
        streams = StandardStreams(lambda stream, text: seen.append([stream, text]))
    """
    end = """
        streams.release()
        with open(SEEN, "w") as file:
            json.dump(seen, file)
    """
    read, write = os.pipe()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    if "PYTHONHOME" in os.environ:
        environment["PYTHONHOME"] = os.environ["PYTHONHOME"]
    environment.update(env or {})
    program = textwrap.dedent(start) + textwrap.dedent(code)
    program += textwrap.dedent(end).replace("SEEN", str(write))
    with os.fdopen(read) as seen:
        done = subprocess.run(
            [sys.executable, *options, "-c", program],
            capture_output=True, env=environment, pass_fds=[write], check=False,
        )  # fmt: skip
        os.close(write)
        text = seen.read()
    if not text:
        raise AssertionError(done.stderr.decode())
    return json.loads(text), done.stdout, done.stderr


def joined(seen, stream=1):
    return "".join(text for number, text in seen if number == stream)


@unittest.skipUnless(os.name == "posix", "hands a descriptor to the child")
class OutputTest(unittest.TestCase):
    def test_each_write_is_seen_at_once_and_once(self):
        seen, out, err = run("""
            print("a", 1)
            before = len(seen)
            sys.stdout.flush()
            print("é" * 5000)
            print("x" * 9000)
            sys.stdout.flush()
            sys.stderr.write("err")
            assert before == len(seen[:before]) == 4, seen
        """)
        self.assertEqual(joined(seen).encode(), out)
        self.assertEqual(joined(seen, 2).encode(), err)
        self.assertEqual([text for _, text in seen[:4]], ["a", " ", "1", "\n"])

    def test_direct_writes_to_the_buffer_are_seen_too(self):
        for options in ((), ("-u",)):
            seen, out, _ = run(
                """
                print("text")
                sys.stdout.buffer.write(b"bytes\\n")
                sys.stdout.flush()
                sys.stdout.buffer.write(bytearray(b"more\\n"))
                sys.stdout.buffer.write(memoryview(b"\\xff\\n"))
                print("end")
                """,
                options=options,
            )
            expected = "text\nbytes\nmore\n\udcff\nend\n"
            self.assertEqual(joined(seen), expected)
            self.assertEqual(len(out), len(expected))

    def test_a_wrapper_of_the_programs_own_is_seen(self):
        seen, out, _ = run("""
            sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", line_buffering=True)
            print("wrapped é")
            sys.stdout.flush()
        """)
        self.assertEqual(joined(seen), "wrapped é\n")
        self.assertEqual(out.decode(), "wrapped é\n")

    def test_a_replaced_stream_is_not_seen(self):
        seen, out, _ = run("""
            import contextlib
            with contextlib.redirect_stdout(io.StringIO()) as text:
                print("inside")
            print(text.getvalue(), end="")
        """)
        self.assertEqual(joined(seen), "inside\n")
        self.assertEqual(out, b"inside\n")

    def test_reconfigured_streams_are_seen_once(self):
        seen, _, _ = run("""
            print("one")
            sys.stdout.reconfigure(encoding="latin-1")
            print("é")
            sys.stdout.reconfigure(newline="\\r\\n", line_buffering=True)
            print("three")
            sys.stdout.flush()
        """)
        self.assertEqual(joined(seen), "one\né\nthree\n")

    def test_what_could_not_be_encoded_was_not_printed(self):
        seen, out, _ = run(
            """
            try:
                print("caf\\xe9")
            except UnicodeEncodeError:
                print("ok")
            """,
            env={"PYTHONIOENCODING": "ascii:strict"},
        )
        self.assertEqual(joined(seen), "ok\n")
        self.assertEqual(out, b"ok\n")

    def test_an_encoding_with_a_state_is_seen_once(self):
        seen, _, _ = run(
            """
            print("one")
            sys.stdout.flush()
            print("two", flush=True)
            """,
            env={"PYTHONIOENCODING": "utf-16"},
        )
        self.assertEqual(joined(seen), "one\ntwo\n")

    def test_subclasses_of_str_are_told_as_plain_text_without_running_their_code(self):
        seen, out, _ = run("""
            class Text(str):
                def __str__(self):
                    os._exit(1)
                def __len__(self):
                    os._exit(1)
            sys.stdout.write(Text("sub\\n"))
        """)
        self.assertEqual(joined(seen), "sub\n")
        self.assertEqual(out, b"sub\n")

    def test_released_streams_are_plain_again_and_lose_nothing(self):
        seen, out, _ = run("""
            write = sys.stdout.write
            print("seen")
            streams.release()
            write("bound\\n")
            print("not seen")
            sys.stdout.buffer.write(b"direct\\n")
            assert "write" not in type(sys.stdout).__dict__
            assert sys.stdout.write.__qualname__ == "TextIOWrapper.write"
        """)
        self.assertEqual(joined(seen), "seen\n")
        self.assertEqual(sorted(out.split()), [b"bound", b"direct", b"not", b"seen", b"seen"])

    def test_missing_or_foreign_streams_are_left_alone(self):
        seen, out, _ = run("""
            streams.release()
            sys.stdout = None
            sys.stderr = io.StringIO()
            streams = StandardStreams(lambda *seen: os._exit(1))
            print("x", file=sys.__stdout__)
            assert sys.stdout is None and type(sys.stderr) is io.StringIO
        """)
        self.assertEqual((seen, out), ([], b"x\n"))

    def test_both_streams_are_the_ones_that_sys_keeps(self):
        run("""
            assert sys.stdout is sys.__stdout__ and sys.stderr is sys.__stderr__
            assert sys.stdout.buffer.raw.fileno() == 1 and sys.stderr.fileno() == 2
        """)


if __name__ == "__main__":
    unittest.main()
