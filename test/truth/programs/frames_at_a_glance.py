# Calls, returns, generators and handled exceptions, each with values that are simple and some that are not.
LONG = "long and not short at all. " * 20


class Row:
    __slots__ = ("first", "second", "third")

    def __init__(self, first):
        self.first = first
        self.second = None
        self.third = [first]


class Wide(Row):
    __slots__ = ("fourth",)

    def __init__(self, first):
        self.fourth = first
        super().__init__(first)
        del self.second
        self.second = "again"


class Late(Row):
    __slots__ = ("before",)

    def __init__(self, first):
        self.third = first
        self.before = 1
        self.first = 2
        self.second = 3
        del self.third, self.first
        self.first = "first"
        self.third = "third"


class Holder:
    def __init__(self):
        self.value = 0
        self.kept = []

    def set(self, value):
        self.value = value
        return self

    def keep(self, value):
        self.kept.append(value)
        return self.kept

    def give(self):
        return self.value


def same(value):
    return value


def none(value):
    value = [value]


def many(a, b, c, d, e, f, g=7, h="eight", i=None):
    a = b
    return i if i else h


def changed(first, second):
    first, second = second, first
    if first:
        first += second
    return first


def deep(depth):
    depth -= 1
    below = deep(depth) if depth else depth
    return below + 1


def adds(number):
    def inner(more):
        nonlocal number
        number += more
        return number

    return inner


def values():
    given = []
    for value in (
        0, -1, True, None, 1.5, "text", "tëxt", LONG, 2**30, -(2**30), 2**31 + 1, 2**53 - 1, 2**53,
        1 - 2**53, -(2**53), 2**62, -(2**63), 2**63, 2**80, b"bytes", (1, "two"), 1j, ..., same,
    ):  # fmt: skip
        other = same(value)
        none(other)
        given.append(same(other))
    wide = 1
    for turn in range(9):
        wide = wide * 128 + turn
        wide = same(wide) - 1
    return given, wide


def texts(count):
    word = ""
    for number in range(count):
        word += "ab" if number % 2 else "é"
        again = word[:]
        again = "".join([word])
        other = f"{number}"
        other = f"{number}"
        other = other * 60
        word = word if number % 3 else str(number)
        short = same(f"<{number}>")
        short = same(f"<{number}>")
    return word, again, other, short


def calls():
    holder = Holder()
    made = []
    for turn in range(3):
        holder.set(turn).keep(holder.give()).append(holder.set([turn]).give())
        made.append(many(turn, made, "c", 4.5, None, turn, h=f"h{turn}"))
        made.append(many(1, 2, 3, 4, 5, 6, 7, "8", turn))
        holder.value = same(holder.set(turn + 5).value) + holder.value
        a, b = changed(turn, 3), changed(b=turn) if False else changed("", "x")
        a = b = same(a)
        total = same(turn) + same(a == turn) + len(same(made))
    count = adds(turn)
    return holder, made, total, b, count(2) + count(3), deep(3), deep(50)


def slots():
    rows = [Row(number) for number in range(3)]
    rows.append(Wide("wide"))
    rows.append(Late("late"))
    for row in rows:
        row.first, row.third = row.third, row.first
    del rows[0].third
    rows[0].third = 5
    return rows


def numbers(limit, step=1):
    number = 0
    while number < limit:
        got = yield number
        number += step if got is None else got
    return number


def lists(count):
    kept = []
    for number in range(count):
        kept.append(number)
        yield kept
        kept = kept[-2:]
        yield f"{number} of {count}"


def through(count):
    shared = [count]

    def look():
        return shared, count

    for number in range(count):
        yield look()
        shared.append(number)
    done = yield from numbers(count)
    yield done


def ticking():
    number = 0

    def bump():
        nonlocal number
        number += 1
        return number

    while number < 5:
        yield bump


def generated():
    one, two = numbers(4), numbers(300000, 100000)
    found = []
    for first in one:
        found.append((first, next(two, None)))
    sending = numbers(6)
    next(sending)
    found.append(sending.send(2) + next(sending))
    sending.close()
    mixed = [item for item in lists(3)]
    for item in through(3):
        found.append(item)
    for bump in ticking():
        found.append(bump())
        bump.__closure__[0].cell_contents += 1
    for kept in lists(2):
        if type(kept) is list:
            kept.append("from outside")
    return found, mixed, list(zip(numbers(2), numbers(3))), sum(numbers(9, 4))


def shadowed():
    holder, found = Holder(), [1]
    for turn in range(4):
        kept = holder.keep(turn)
        count = len(found)
        if turn == 1:
            holder.keep = holder.kept.append
            globals()["len"] = found.append
    del globals()["len"]
    return kept, count, holder, len(found)


class Guard:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        return same(kind) is KeyError


def fails(value, log):
    log.append(value); value["missing"]  # noqa: E702


def caught():
    log = []
    holder = Holder()
    found = None
    for turn in range(3):
        try:
            fails({turn: log}, log)
        except KeyError:
            found = turn
        with Guard(): fails({turn: turn}, log)  # noqa: E701
        try:
            holder.value = found; holder.kept[turn + 50] = 2  # noqa: E702
        except IndexError as error:
            holder.set(error)
            holder.keep(str(error))
        try:
            found = same(holder.give()).args; raise ValueError(found)  # noqa: E702
        except ValueError:
            pass
        finally:
            log.append(same(turn))
        try:
            try:
                1 // (turn - turn)
            finally:
                holder.kept = [*holder.kept, turn]
        except ZeroDivisionError: found = same("zero"); log.pop()  # noqa: E701, E702
    return log, holder, found


results = [values(), texts(7), calls(), slots(), generated(), caught(), shadowed()]
