"""Objects: a small office where clerks pass work to each other."""

SIZE = 210000


class Paper:
    def __init__(self, number, kind):
        self.number = number
        self.kind = kind
        self.stamps = 0
        self.next = None


class Tray:
    def __init__(self):
        self.first = None
        self.last = None
        self.count = 0

    def put(self, paper):
        paper.next = None
        if self.first is None:
            self.first = paper
        else:
            self.last.next = paper
        self.last = paper
        self.count += 1

    def take(self):
        paper = self.first
        self.first = paper.next
        self.count -= 1
        return paper

    def is_empty(self):
        return self.first is None


class Clerk:
    def __init__(self, name):
        self.name = name
        self.tray = Tray()
        self.done = 0
        self.colleague = None

    def work(self):
        if self.tray.is_empty():
            return None
        paper = self.tray.take()
        self.done += 1
        return self.handle(paper)

    def handle(self, paper):
        raise NotImplementedError


class Stamper(Clerk):
    def handle(self, paper):
        paper.stamps += 1
        self.colleague.tray.put(paper)
        return paper


class Sorter(Clerk):
    def __init__(self, name):
        super().__init__(name)
        self.kinds = {}

    def handle(self, paper):
        self.kinds[paper.kind] = self.kinds.get(paper.kind, 0) + 1
        if paper.stamps > 3:
            paper.stamps = 0
            paper.number += 1
        self.colleague.tray.put(paper)
        return paper


class Copier(Clerk):
    def handle(self, paper):
        copy = Paper(paper.number, paper.kind)
        copy.stamps = paper.stamps
        self.colleague.tray.put(copy)
        return copy


def main(size):
    clerks = [Stamper("a"), Sorter("b"), Copier("c"), Stamper("d")]
    for index, clerk in enumerate(clerks):
        clerk.colleague = clerks[(index + 1) % len(clerks)]
    for number in range(12):
        clerks[number % 4].tray.put(Paper(number, "letter" if number % 3 else "form"))
    for turn in range(size):
        for clerk in clerks:
            clerk.work()
    return sum(clerk.done for clerk in clerks), sorted(clerks[1].kinds.items())
