# Lines that change one object after the other, as programs do most of the time; and what looks the same.
import datetime
import functools
import operator
import re
from collections import deque


class Slotted:
    __slots__ = ("first", "second")

    def __init__(self, first, second):
        self.first = first
        self.second = second


class Plain:
    kind = "class"

    def __init__(self, name):
        self.name = name
        self.count = 0
        self.items = []
        self.next = None

    def step(self):
        self.count += 1
        self.items.append(self.count)
        if self.count > 2:
            self.items.pop()
        self.extra = self.count * 2
        return self


class Child(Plain):
    def __init__(self, name):
        super().__init__(name)
        self.kinds = {}

    def step(self):
        super().step()
        self.kinds[self.name] = self.kinds.get(self.name, 0) + 1
        return self


class Loud(Exception):
    def __init__(self, wanted, there):
        super().__init__(f"{wanted} of {there}")
        self.wanted = wanted
        self.there = there


def attributes():
    one, two = Plain("one"), Plain("two")
    same = one
    one.next = two
    two.next = one
    for turn in range(3):
        one.count, two.count = two.count, one.count
        same.count = turn
        one.next.count = -turn
    del one.name
    one.name = "again"
    one.new = None
    Plain.kind = "changed"
    one.kind = "own"
    pair = Slotted(1, [2])
    pair.first, pair.second = pair.second, pair.first
    pair.first.append(3)
    del pair.second
    pair.second = "back"
    return one, two, same, pair


def swaps():
    numbers = [0, 1, 2, 3, 4, 5, 6]
    for low in range(3):
        high = len(numbers) - 1 - low
        numbers[low], numbers[high] = numbers[high], numbers[low]
        numbers[low], numbers[low + 1] = numbers[low + 1], numbers[low]
        numbers[low], numbers[low + 1], numbers[low + 2] = 7, 8, [9]
        numbers[low + 2].append(low)
        low, high = 0, 1
        numbers[low], numbers[high] = numbers[high], numbers[low]
        numbers[0], numbers[1], numbers[2] = numbers[2], numbers[0], numbers[1]
    numbers[0] = numbers[0]
    numbers[-1] = numbers
    alias = numbers
    alias[1], numbers[2] = numbers[2], alias[1]
    return numbers


def pairs():
    counts = {}
    for place, word in enumerate("a b a c b a new".split()):
        counts[word] = counts.get(word, 0) + 1
        counts[place] = word
    del counts["b"]
    counts["b"] = counts
    counts["a"] = counts.pop("c")
    first, *_ = counts
    counts[first] = None
    return counts


def containers():
    stack, line, seen = [], deque(), set()
    for number in range(4):
        stack.append([number])
        line.append(number)
        seen.add(number % 2)
        stack[-1].append(stack)
    while len(stack) > 1:
        top = stack.pop()
        top.append(line.popleft())
    stack.pop().clear()
    return stack, line, seen


def calls():
    kept = []
    pattern = re.compile("[a-c]")
    text = pattern.sub(lambda found: kept.append(found.group()) or "x", "abcd")
    # What a builtin type is given may still change what is not named.
    for place, nothing in enumerate(map(kept.append, "yz")):
        text += str(place) + str(nothing)
    for nothing in reversed(list(map(kept.append, range(2)))):
        text += repr(nothing)
    more = (kept.append, [8, 9])
    list(map(*more))
    pattern.sub(kept.append and (lambda found: kept.pop() and ""), "ab")
    parts = [*zip(map(kept.append, "mn"), range(2))]
    return kept, text, parts


def errors():
    seen = []
    for wanted in range(3):
        try:
            try:
                raise Loud(wanted, seen)
            except Loud as error:
                error.wanted += 10
                error.note = [wanted]
                error.note.append(error.there is seen)
                raise ValueError(error.wanted) from error
        except ValueError as error:
            error.__init__(wanted, "other")
            seen.append(error.args)
    return seen


def averager():
    total = []
    while True:
        number = yield total
        total.append(number)


def sent():
    mean = averager()
    shown = mean.send(None)
    for number in range(3):
        mean.send(number)
        shown = [*shown]
    mean.close()
    return shown


def rebound():
    kept = []
    more = functools.partial(kept.append, 1)
    more = more()
    more = [operator.methodcaller("append", 2)]
    more = more[0](kept)
    more = Plain("more")
    more.name = functools.partial(kept.append, 3)
    more.name = more.name()
    more.next = datetime.timedelta
    more.next = more.next(seconds=len(kept))
    return kept, more


child = Child("child")
for turn in range(3):
    child.step().items.append("more")
results = [attributes(), swaps(), pairs(), containers(), calls(), errors(), sent(), rebound()]
