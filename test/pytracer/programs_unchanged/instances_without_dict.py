"""An instance keeps its attributes in itself until somebody asks for its `__dict__`."""

import gc


class Tray:
    def __init__(self):
        self.first = None
        self.count = 0

    def put(self, paper):
        self.first = paper
        self.count += 1


class Clerk:
    def __init__(self, name):
        self.name = name
        self.tray = Tray()

    def work(self):
        self.tray.put([self.name])


clerks = [Clerk("a"), Clerk("b")]
for clerk in clerks:
    clerk.work()
    clerk.tray.put(None)
for thing in (*clerks, clerks[0].tray):
    print([type(part).__name__ for part in gc.get_referents(thing)])
