"""Record a small program with this interpreter and hand out what the log says."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import textwrap

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from decode_log import UNBOUND, Replay  # noqa: E402
from recorders import ROOT, SOURCES  # noqa: E402


class Recorded:
    """One run: its output, the events of its log as (name, operands), and the replayed end."""

    def __init__(
        self,
        program,
        source=SOURCES[-1],
        options=(),
        on_step=lambda replay: None,
        keep=lambda replay, name, operands: True,
    ):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "program.py")
            log = os.path.join(folder, "program.hindsight")
            with open(path, "w", encoding="utf-8") as file:
                file.write(textwrap.dedent(program))
            command = [
                sys.executable,
                "-m",
                "pytracer",
                "record",
                "--recorder",
                source,
                "-o",
                log,
                *options,
                path,
            ]
            env = {**os.environ, "PYTHONPATH": ROOT, "PYTHONHASHSEED": "0"}
            run = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)
            self.stdout, self.stderr, self.code = run.stdout, run.stderr, run.returncode
            self.events = []
            self.size = os.path.getsize(log)
            self.replay = Replay.__new__(Replay)

            def on_event(name, operands):
                if keep(self.replay, name, operands):
                    self.events.append((name, operands))

            self.replay.__init__(log, on_step=on_step, on_event=on_event)

    def named(self, *names):
        return [event for event in self.events if event[0] in names]

    def count(self, name):
        return len(self.named(name))

    def variable(self, name):
        """Return the object (or scalar) that a global holds at the end."""
        for thing in self.replay.objects.values():
            if thing["kind"] == "NAMESPACE":
                for key, value in thing["items"]:
                    if key == ("scalar", name):
                        return self.replay.objects[value[1]] if value[0] == "object" else value
        return UNBOUND
