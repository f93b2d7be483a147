"""Runs a program under a recorder and a debugger whose words are known beforehand.

    python under_control.py recorder program.py messages

`messages` is JSON: what the adapter will say, one after the other. Prints what it was told, where
the program stood then, and how often the recorder's half in Python has done an event, as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EVENTS = ("line", "call", "called", "resumed", "returned", "yielded", "raised", "unwound", "_share")


class Channel:
    """The adapter, as a list of what it will say."""

    def __init__(self, messages):
        self.messages = messages
        self.told = []
        self.is_open = True
        self.recorder = None

    def send(self, message):
        if message["type"] == "stopped":
            message["place"] = self.place_of(message["thread"])
        self.told.append(message)

    def place_of(self, number):
        """Give the function and the code unit where the log says that a thread stands."""
        for thread in self.recorder.threads.values():
            if thread.number == number and thread.stack:
                state = thread.stack[-1]
                return state.plan.wrapper.qualname, state.offset
        return None

    def wait(self):
        return self.messages.pop(0)

    def poll(self):
        return None

    def close(self):
        self.is_open = False


def count(recorder, asked, channel):
    begin = recorder.__init__

    def counted_init(self, *arguments, **keywords):
        channel.recorder = self
        begin(self, *arguments, **keywords)

    recorder.__init__ = counted_init
    for name in EVENTS:
        method = getattr(recorder, name)

        def counted(*arguments, _name=name, _method=method):
            asked[_name] += 1
            return _method(*arguments)

        setattr(recorder, name, counted)


def main(source, program, messages):
    sys.path.insert(0, ROOT)
    from pytracer import recorder_choice

    recorder_choice.choose(source)
    from pytracer import control, in_process, recorder

    channel, asked = Channel(messages), Counter()
    control.connect = lambda settings: control.Control(channel, settings["recordingPath"])
    count(recorder.Recorder, asked, channel)
    settings = {
        "recordingPath": program + ".hindsight",
        "justMyCode": True,
        "include": [],
        "exclude": [],
        "maxItems": 1000,
        "maxStringLength": 10000,
        "maxRecordingSize": None,
        "recorder": source,
        "verbose": False,
        "noStandardInput": False,
        "control": {},
        "target": {"kind": "program", "program": program},
    }
    in_process.run(settings, [program])
    print(json.dumps({"told": channel.told, "asked": asked}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))
