"""Which task runs a coroutine, and what it is called, as the log says it."""

import unittest

from recorded import Recorded

PROGRAM = """
import asyncio
async def inner(): await asyncio.sleep(0)
async def outer(): await inner()
async def main():
    one = asyncio.get_running_loop().create_task(outer(), name="one")
    await asyncio.sleep(0)
    one.set_name("renamed")
    await one
    me = asyncio.current_task()
    me.set_name("last")
    end = 0
asyncio.run(main())
end = 0
"""


class Tasks(unittest.TestCase):
    def names(self, seen):
        """Give what the tasks were called in the end, by the frames of their coroutines."""
        things = [seen.replay.objects[oid] for oid in seen.replay.tasks.values()]
        return [thing["attrs"]["get_name()"][1] for thing in things]

    def test_a_task_is_told_once_with_the_frame_of_its_own_coroutine(self):
        seen = Recorded(PROGRAM)
        self.assertEqual(seen.count("task"), 2)
        self.assertEqual(self.names(seen), ["last", "renamed"])

    def test_what_the_program_puts_into_the_place_of_asyncio_is_not_called(self):
        replaced = """
import _asyncio, asyncio
def trap(*_): raise SystemExit("called")
class Hashed(type(asyncio.new_event_loop())):
    def __hash__(self): return entered[0] and trap() or 3
    def __eq__(self, other): return trap()
entered = [0]
loop = Hashed()
"""
        body = PROGRAM.replace("asyncio.run(main())", "loop.run_until_complete(main())")
        body = body.replace("    end = 0\n", "    entered[0] = 0\n    end = 0\n", 1)
        seen = Recorded(replaced + body)
        self.assertEqual(seen.count("task"), 2)

        functions = """
import _asyncio
calls = []
def fake(*_): calls.append(1)
_asyncio._get_running_loop = _asyncio.current_task = fake
"""
        seen = Recorded(PROGRAM.replace("asyncio.run", functions + "asyncio.run"))
        self.assertEqual(seen.count("task"), 0)
        self.assertEqual(seen.variable("calls")["items"], [])

    def test_without_asyncio_nothing_is_asked(self):
        program = """
            async def alone(): return 1
            made = alone()
            try: made.send(None)
            except StopIteration: pass
            import sys
            loaded = "_asyncio" in sys.modules
            end = 0
        """
        seen = Recorded(program)
        self.assertEqual(seen.count("task"), 0)
        self.assertEqual(seen.variable("loaded"), ("scalar", False))


if __name__ == "__main__":
    unittest.main()
