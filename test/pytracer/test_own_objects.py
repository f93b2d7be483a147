"""A program that gets hold of the recorder's own objects finds them closed, and has an end.

`gc.get_objects()` gives the program whatever there is. Were the recorder to look into its own
objects, each of them would bring new ones, and no end of it.
"""

from __future__ import annotations

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from recorded import SOURCES, Recorded  # noqa: E402

# Under the limits: the recorder that follows itself takes gigabytes and has no end.
_LIMITS = """
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (3_000_000_000, 3_000_000_000))
    resource.setrlimit(resource.RLIMIT_CPU, (110, 110))
    """
_SEARCH = """
    import gc
    class Wanted: pass
    it = Wanted()
    def search():
        found = []
        for one in gc.get_objects():
            if type(one) is Wanted:
                found.append(one)
        return found
    print(len(search()))
    """
_EVERY_WAY = """
    import gc, sys, threading
    class Wanted: pass
    it = Wanted()
    held = [it, {"it": it}]
    for one in gc.get_referrers(it):
        kind = type(one)
    for one in gc.get_referents(held, sys.modules, globals()):
        for inner in gc.get_referents(one):
            kind = type(inner)
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    for frame in sys._current_frames().values():
        code, names, up = frame.f_code, frame.f_locals, frame.f_back
    done.set()
    thread.join()
    trace, callbacks = sys.gettrace(), [*gc.callbacks]
    print(len(held), held[0] is it)
    """
_AGAIN = """
    import gc
    for turn in range(3):
        # The newest: most of them are the recorder's.
        for one in gc.get_objects()[-2000:]:
            kind = type(one)
        del one, kind
    print(turn)
    """


class OwnObjects(unittest.TestCase):
    def check(self, program, printed, most_bytes):
        for source in SOURCES:
            with self.subTest(source=source):
                seen = Recorded(_LIMITS + program, source)
                self.assertEqual((seen.stdout, seen.stderr, seen.code), (printed, "", 0))
                self.assertLess(seen.size, most_bytes)
                ours = [event[1] for event in seen.named("new") if "pytracer." in event[1][2]]
                self.assertEqual({(k, n) for _, k, n in ours if k != "OPAQUE"}, set())
                known = [name for _, _, name in ours if name == "pytracer.objects.Entry"]
                if source != "native":
                    self.assertEqual(known, [])

    def test_a_search_through_all_objects_has_an_end(self):
        self.check(_SEARCH, "1\n", 2_000_000)

    def test_referrers_referents_frames_and_callbacks_lead_nowhere(self):
        self.check(_EVERY_WAY, "2 True\n", 500_000)

    def test_a_second_look_does_not_find_several_times_as_much(self):
        self.check(_AGAIN, "2\n", 2_000_000)


if __name__ == "__main__":
    unittest.main()
