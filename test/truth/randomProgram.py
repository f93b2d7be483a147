"""Write a random but deterministic Python program, valid on CPython 3.9 and later.

Usage: python randomProgram.py SEED [OUT]

The same seed gives the same program on every version. A program mixes what can change an object that somebody
else holds too: aliases in containers, attributes, closures and library objects, in-place operations, callees,
generators, exceptions. Everything that can fail does so inside a `try` of the program, so that it ends normally, and
nothing in it depends on addresses, time or the order of hashes (run it with PYTHONHASHSEED=0).
"""

from __future__ import annotations

import random
import sys

# The types of variables. Each letter is an expression's type too:
#   N int, L list of ints, M dict of str to list, D dict of str to int, S set of ints, Q deque of ints, B bytearray,
#   T tuple of a list and a dict (str to int), O instance of Box, P instance of Point (slots), W list of lists
TYPES = "NLMDSQBTOPW"
FRESH = {
    "N": ("0", "3", "7"),
    "L": ("[1, 2, 3]", "[5, 4]", "[]", "list(range(3))", "[n for n in (2, 1)]"),
    "M": ("{'a': [1]}", "{}", "{'b': [2], 'a': []}", "dict(c=[0])", "defaultdict(list)"),
    "D": ("{'a': 1}", "{'a': 1, 'b': 2}", "{}", "dict(b=3)", "Counter('aab')", "OrderedDict(a=5, c=6)"),
    "S": ("{1, 2}", "set()", "{n for n in range(3)}"),
    "Q": ("deque([1, 2, 3])", "deque(maxlen=3)", "deque([4], 4)"),
    "B": ("bytearray(b'ab')", "bytearray(3)", "bytearray()"),
    "T": ("([1], {'a': 1})", "([], {})"),
    "O": ("Box([1])", "Box([2, 3], 4)", "Crate([1])", "Box.make(2)"),
    "P": ("Point(1, 2)", "Point(0, 5)", "Pixel(1, 2)"),
    "W": ("[[1], [2]]", "([[]] * 2)", "[[0, 1], [], [2]]"),
}
# Statements in which {x} for a type letter x is an expression of the type, {=x} a new or rebound variable, {kx} an
# existing variable, {sL} the same one in the whole statement, {i} a small index, {k} a key, {v} a fresh name.
SIMPLE = """
{L}.append({N})
{L}.extend({L}[:3])
{L}.insert({i}, {N})
{L}.pop({i})
{L}.remove({N})
{L}.reverse()
{L}.sort(reverse=True)
{L}.sort(key=lambda {v}: ({L}.append({v}), -{v})[1])
{L}[{i}] = {N}
{L}[{i}] += {N}
{L}[{i}:] = {L}[:2]
{L}[::2] = [{N}] * len({L}[::2])
{L}[1:2] = {N}, {N}, {N}
del {L}[{i}]
del {L}[{i}:]
del {L}[{i}], {L}[{i}]
{kL} += [{N}]
{sL} *= 2; del {sL}[6:]
{kL} += {N},
{=L} = {L}
{=L} = {L} + [{N}]
{=L} = {L}[:]
{=L} = sorted({L}, key=lambda {v}: {L}.append({v}) or {v})
{=L} = [{v} * 2 for {v} in {L}]
{=L} = [({w} := {v}) for {v} in {L}]
{=L} = [{v} for row in {W} for {v} in row if {v} >= 0]
{=L} = [[{v}, {L}.append({v})][0] for {v} in {L}[:3]]
{=L} = list(map({L}.append, {L}[:2])) and {L}
{=L}, {=D} = {T}
{=L} = {=L} = {L}
{=N}, *{=L} = [{N}, *{L}]
{kL}[0], {kL}[-1] = {kL}[-1], {kL}[0]
{=N}, {kL}[{i}] = {N}, {N}
{kL}[{i}] = {=N} = {N}
{kL}[{=N}] = 1 if {N} else 2
{=N} = {N} + {N}
{kN} += {N}
{kN} -= 1
{=N} = {L}.pop() if {L} else {N}
{=N} = sum({v} for {v} in {L})
{=N} = ({=N} := {N}) + 1
{=N} = max({L}, default={N}, key=lambda {v}: {Q}.append({v}) or {v})
{=N} = len({L}) or {L}.append({N}) or {N}
{=N} = (lambda {v}, acc={L}: acc.append({v}) or {v})({N})
{=N} = {D}.pop({k}, {N})
{M}.setdefault({k}, []).append({N})
{M}[{k}] = {L}
{M}[{k}].append({N})
{M}[{k}] += [{N}]
{M}.get({k}, []).append({N})
{M}.update({k2}={L})
{M}.pop({k}, None)
{M}.popitem()
del {M}[{k}]
{=M} = {M}
{=M} = {'z': {L}, **{M}}
{=M} = {{v}: [{N}] for {v} in 'ab'}
for {v}, {w} in {M}.items(): {w}.append(len({v}))
{=L} = next(iter({M}.values()), {L})
{D}[{k}] = {N}
{D}[{k}] += {N}
{D}[{k}] -= 1; {D}[{k}] *= 2
{D}.update({k2}={N})
{D}.update({D})
{D}.setdefault({k}, {N})
{kD} |= {'q': {N}}
del {D}[{k}]
{D}.clear()
{=D} = {D}
{=D} = {D}.copy()
{=D} = {{v}: {w} for {w}, {v} in enumerate('ab')}
operator.setitem({D}, {k}, {N})
operator.delitem({L}, {i})
operator.iadd({L}, [{N}])
{=L} = operator.iconcat({L}, [{N}])
{S}.add({N})
{S}.discard({N})
{S}.remove({N})
{S}.update({L})
{S}.pop()
{kS} |= {S}
{kS} &= {S}
{kS} -= {{N}}
{kS} ^= {{N}, {N}}
{S}.difference_update({L})
{S}.intersection_update({S})
{=S} = {S}
{=S} = {S} | {{N}}
{=S} = {{v} % 3 for {v} in {L}}
{Q}.append({N})
{Q}.appendleft({N})
{Q}.pop()
{Q}.popleft()
{Q}.rotate({i})
{Q}.extend({L})
{Q}.extendleft({Q})
{Q}[{i}] = {N}
del {Q}[0]
{kQ} += [{N}]
{Q}.insert({i}, {N})
{Q}.clear()
{=Q} = {Q}
{=Q} = deque({Q}, 5)
{B}.append({N} % 256)
{B}.extend(b'xy')
{B}[{i}] = {N} % 256
{B}[1:] = b'zz'
{B}.reverse()
{B}.pop()
{kB} += b'c'
del {B}[{i}]
{=B} = {B}
memoryview({B})[0] = {N} % 256
memoryview({B})[:1] = b'm'
{T}[0].append({N})
{T}[1][{k}] = {N}
{T}[0][{i}] = {N}
{T}[0][:] = {L}[:2]
{=T} = ({L}, {D})
{=T} = {T}
try: {T}[0] += [{N}]
try: {kT}[0] += [{N}]
{O}.items.append({N})
{O}.items = {L}
{O}.count += {N}
{O}.count = {O}.total
{O}.total = {N}
{O}.put({N})
{O}.put({N}).put({N})
{O}.items[{i}] = {N}
{O}.items += [{N}]
{O}[{i}] = {N}
del {O}[{i}]
{kO} += {N}
{O}.extra = {L}
del {O}.extra
del {O}.items
{O}.seen.append({N})
Box.seen.append({N})
Box.limit = {N}
Box.limit += 1
{O}.limit = {N}
{O}.inner = {O}
{O}.inner.items.append({N})
{=O} = {O}
{=O} = copy.copy({O})
{=L} = {O}.items
{=L} = {O}.inner.items
{=N} = {O}.total
{=L} = list({O})
setattr({O}, 'items', {L})
setattr({O}, 'extra', {N})
delattr({O}, 'extra')
vars({O})['x'] = {N}
{O}.__dict__['y'] = {L}
{O}.__dict__.update(y={L})
getattr({O}, 'items').append({N})
getattr({L}, 'append')({N})
object.__setattr__({O}, 'count', {N})
{P}.x = {N}
{P}.x += {N}
{P}.y = {L}
{P}.move({N})
{P}.x, {P}.y = {P}.y, {P}.x
del {P}.y
setattr({P}, 'x', {N})
Point.x.__set__({P}, {N})
{=P} = {P}
{=P} = {P} + {P}
{W}[{i}].append({N})
{W}[{i}][0] = {N}
{W}[{i}] = {L}
{W}.append({L})
{W}.append([{N}])
{W}.pop().append({N})
{W}[0], {W}[-1] = {W}[-1], {W}[0]
{W}[{i}] += [{N}]
{W}.sort(key=len)
{=W} = {W}
{=W} = [*{W}, {L}]
{=W} = [[{v}] * 2 for {v} in {L}[:3]]
{=W} = copy.deepcopy({W})
{=L} = {W}[{i}]
[{v}.append({N}) for {v} in {W}]
for {v} in {W}: {v}.append({N})
for {kL}[0] in {L}[:2]: pass
for {v}, {w} in zip({W}, {L}): {v}.append({w})
{=W} = list(zip(*{W})) and {W}
pick({L}).append({N})
pick({O}).put({N})
pick({D})[{k}] = {N}
pick({W})[{i}].append({N})
pick({L}, {L}).append({N})
pick({L}, {L})[{i}] = {N}
grow({L}, {N})
grow(*[{L}, {N}])
grow(**{'items': {L}, 'number': {N}})
touch({O}, {N}).append({N})
{=L} = grow({L}, {N})
heapq.heappush({L}, {N})
heapq.heapify({L})
{=N} = heapq.heappop({L})
{=N} = heapq.heappushpop({L}, {N})
bisect.insort({L}, {N})
random.Random({N}).shuffle({L})
random.Random(4).shuffle({W})
functools.partial({L}.append, {N})()
functools.partial({O}.put, {N})()
functools.partial(grow, {L})({N})
functools.partial({O}.items.extend, [{N}])()
{=L} = functools.reduce(lambda acc, {v}: acc.append({v}) or acc, {L}[:3], {L})
list(map(grow, {W}, {L}))
list(map(lambda {v}: {v}.append({N}), {W}))
list(filter({S}.add, {L}))
any({v}.append(1) for {v} in {W})
any(map({L}.append, {L}[:2]))
all({v}.append({N}) is None for {v} in {W})
list(itertools.starmap({L}.insert, [(0, {N}), (1, {N})]))
deque(map({L}.append, {L}[:2]), 0)
'-'.join(str({L}.pop()) for _ in range(2))
dict(a={L}.append({N}))
print({L}, {D})
print(f'{{kL}.append(4)} {len({kL})}')
print(*{L}, sep=',')
print({O}, {N})
print('%s' % {O})
{kU}.append({N})
{kU}.data.append({N})
{kU}[{i}] = {N}
{kU} += [{N}]
{kU}.data = {L}
{kU}.sort()
{kV}[{k}] = {N}
{kV}.data = {D}
{kV}.update({k2}={N})
{kV}.pop({k}, 0)
ChainMap({D}, {D})[{k}] = {N}
ChainMap({D}).pop({k}, None)
{kC}.numbers.append({N})
{kC}.numbers = {L}
{kC}.label += 'x'
{kC} = dataclasses.replace({kC}, label='r')
{kY}.rows = {W}
{kY}.rows.append({L})
{kY}.rows[0].append({N})
stack.callback({L}.append, {N})
stack.callback(grow, {L}, {N})
stack.callback({D}.update, z={N})
stack.close()
exec('{kL}.append(3)')
exec('{kD}[0] = 4', globals())
exec('fresh = [1]\\nfresh.append(2)\\n{kL}.extend(fresh)')
exec(compile('made = 1', 'made', 'exec'), {D})
{=N} = eval('len({kL})')
eval('{kL}.append(5)')
globals()['g_made'] = {L}
globals()['g_made'].append({N})
{=N} = next(numbers({L}, 3), {N})
{=L} = list(numbers({L}, {N} % 4))
{=L} = [*numbers({L}, 2)]
{=N} = sum(chained({L}))
for {v} in chained({L}): {S}.add({v})
for {v} in numbers({L}, 2): {L}.append({v}); {D}[{k}] = {v}
{kG} = numbers({L}, 3)
{kG} = chained({L})
{kG} = echo({L})
{kG} = ({v} for {v} in {W})
{kG} = iter({L})
{kG}.send(None)
{kG}.send({N})
{kG}.send({L})
{kG}.throw(ValueError('thrown'))
{kG}.throw(KeyError('other'))
{kG}.close()
next({kG}).append({N})
next({kG}, None)
{=N} = fail({N}) or {N}
{=L}, {=N} = {L}, fail({N})
{L}.append(fail({N}))
with Guard({L}) as {v}: {v}.append({N})
with Guard({L}), Guard({L}) as {v}: {v}.append(fail({N}))
with managed({L}) as {v}: {v}.append({N})
with managed({L}): fail({N})
counter_up(); counter_up()
bump({N})
{=N} = bump({N})
{=N} = memo({N})
{=L} = keep({L})
keep({L}).append({N})
{=N} = deep({N} % 4, {L})
{=L} = quick({L}) if {L} else {L}
if {L}: {L}.pop(); {L}.append({N})
while len({sL}) > 2: {sL}.pop()
if {N} > 1: {L}.append(1); {D}[{k}] = 2
else_less = {L}.append({N}) if {N} else {L}.clear()
assert {L}.append({N}) is None, {L}
{L}.__setitem__({i}, {N})
{L}.__iadd__([{N}])
list.append({L}, {N})
dict.__setitem__({D}, {k}, {N})
set.add({S}, {N})
type({L}).append({L}, {N})
Box.put({O}, {N})
{kF} = {L}.append
{kF} = {S}.add
{kF} = {O}.put
{kF} = functools.partial({L}.insert, 0)
{kF} = lambda {v}, held={L}: held.append({v})
{kF}({N})
{kF}({N}), {kF}({N})
{=L} = [{kF}({v}) for {v} in (1, 2)] and {L}
({L} if {N} else {L}).append({N})
({L} or {L}).append({N})
[{L}, {L}][{N} % 2].append({N})
({L}, {L})[1].append({N})
{'a': {L}}['a'].append({N})
(lambda: {L})().append({N})
(lambda: {O})().items.append({N})
next(iter([{L}])).append({N})
next(iter({W})).append({N})
min({W}, key=len).append({N})
list({M}.values())[0].append({N})
[*{M}.values()][-1].append({N})
list({M}.items())[0][1].append({N})
dict({M})[{k}].append({N})
{M}.copy()[{k}].append({N})
copy.copy({W})[0].append({N})
{O}.pair[0].append({N})
{O}.items, {O}.count = {L}, {N}
{kL}, {kO}.items = {kO}.items, {kL}
{O}.method_of_list({N})
del {kN}
del {kL}
""".strip().splitlines()
DECLARED = {
    "U": "UserList([1])",
    "V": "UserDict(a=1)",
    "C": "Card([1])",
    "Y": "Table()",
    "G": "iter([[1], [2]])",
    "F": "[].append",
}
PRELUDE = '''\
import asyncio, bisect, contextlib, copy, dataclasses, functools, heapq, itertools, operator, random
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, defaultdict, deque


class Box:
    seen = []
    limit = 5

    def __init__(self, items, count=0):
        self.items = items
        self.count = count
        self.inner = self
        self.pair = (items, {"box": count})
        self.method_of_list = items.append

    @classmethod
    def make(cls, *items):
        return cls(list(items))

    @property
    def total(self):
        self.count += 1
        return len(self.items)

    @total.setter
    def total(self, value):
        self.items[:] = self.items[:value]

    def put(self, item):
        self.items.append(item)
        return self

    def __getitem__(self, place):
        self.count += 1
        return self.items[place]

    def __setitem__(self, place, item):
        self.items[place] = item

    def __delitem__(self, place): del self.items[place]

    def __iadd__(self, other):
        self.items += [other]
        return self

    def __repr__(self):
        self.seen.append(self.count)
        return f"<{self.count}>"


class Crate(Box):
    def put(self, item):
        self.last = item
        return super().put(item)


class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y

    def move(self, by):
        self.x = by
        return self

    def __add__(self, other):
        return Point(self.x, other.x)


class Pixel(Point):
    __slots__ = ("colour", "__weakref__")

    def __init__(self, x, y):
        super().__init__(x, y)
        self.colour = [x]

    def move(self, by):
        self.colour.append(by)
        return super().move(by)


@dataclasses.dataclass
class Card:
    numbers: list
    label: str = "c"


class Table:
    rows = []


class Guard:
    def __init__(self, items): self.items = items

    def __enter__(self):
        self.items.append(1)
        return self.items

    def __exit__(self, kind, error, traceback):
        self.items.append(2)
        return kind is ValueError


@contextlib.contextmanager
def managed(items):
    items.append(10)
    try:
        yield items
    except ValueError:
        items.append(11)
    finally:
        items.append(12)


def pick(*things):
    return things[0]


def grow(items, number):
    items.append(number)
    return items


def touch(box, number):
    box.count = number
    return box.items


def fail(number):
    if number % 2:
        raise ValueError(number)
    if number % 3:
        raise KeyError("k")


def numbers(items, count):
    for number in range(count):
        items.append(number)
        try:
            got = yield number
        finally:
            items.append(-number)
        if got: items.append(got)


def chained(items):
    yield len(items)
    result = yield from numbers(items, 2)
    yield 4


def echo(items):
    received = None
    while True:
        try:
            received = yield received
            items.append(received)
        except ValueError as error:
            received = error.args[0]


def make_counter():
    count = 0
    log = []
    def up():
        nonlocal count
        count += 1
        log.append(count)
        return count
    return up


def bump(number):
    global g_number
    g_number += number
    return g_number


@functools.lru_cache(None)
def memo(number):
    return number * 2


def keep(items, held=[]):
    held.append(len(items))
    return held


def deep(number, items):
    items.append(number)
    if number == 0:
        return fail(1)
    try:
        return deep(number - 1, items)
    finally:
        items.append("up")


def quick(items): items.append(0); return items


g_number = 1
counter_up = make_counter()
stack = contextlib.ExitStack()
'''
HARD_LIMIT = 7


class Writer:
    """One program, from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[str] = []
        self.indent = 0
        self.names = 0
        self.variables: list[dict[str, list[str]]] = [{}]
        self.own: list[dict[str, list[str]]] = [self.variables[0]]
        self.functions: list[tuple[str, str, str]] = []
        self.in_function = False
        self.bindable = True

    # Names and expressions.

    def name(self, prefix: str = "v") -> str:
        """Give a name that nobody has."""
        self.names += 1
        return f"{prefix}{self.names}"

    def visible(self, kind: str) -> list[str]:
        """Give the variables of a type."""
        return [name for scope in self.variables for name in scope.get(kind, ())]

    def expression(self, kind: str) -> str:
        """Give an expression of a type: mostly a variable, an alias."""
        choice = self.random.random
        known = self.visible(kind)
        if kind == "N":
            if choice() < 0.55 or not known:
                return str(self.random.randrange(6))
            return self.random.choice(known)
        if known and choice() < 0.85:
            found = self.random.choice(known)
        elif kind == "L" and choice() < 0.6:
            found = self.path_to_list()
        else:
            found = self.random.choice(FRESH[kind])
        if choice() < 0.06:
            return f"pick({found})"
        if choice() < 0.04 and kind != "N":
            return f"({found} or {self.random.choice(FRESH[kind])})"
        callable_ = [f for f in self.functions if f[1] == kind]
        if callable_ and choice() < 0.12:
            return self.call(self.random.choice(callable_))
        return found

    def path_to_list(self) -> str:
        """Give a list that is a part of something."""
        options = []
        for name in self.visible("O"):
            options += [f"{name}.items", f"{name}.inner.items", f"{name}.pair[0]", f"pick({name}).items"]
        for name in self.visible("T"):
            options.append(f"{name}[0]")
        for name in self.visible("W"):
            options += [f"{name}[0]", f"{name}[-1]"]
        for name in self.visible("M"):
            options += [f"{name}['a']", f"{name}.setdefault('a', [])"]
        return self.random.choice(options or ["[1]"])

    def call(self, function: tuple[str, str, str]) -> str:
        """Give a call of one of the program's functions."""
        name, _, parameters = function
        return f"{name}({', '.join(self.plain(kind) for kind in parameters)})"

    def plain(self, kind: str) -> str:
        """Give a variable or a new object."""
        known = self.visible(kind)
        return self.random.choice(known) if known else self.random.choice(FRESH.get(kind, (DECLARED.get(kind, "0"),)))

    def target(self, kind: str) -> str:
        """Give a variable to bind."""
        own = self.own[-1].setdefault(kind, [])
        if own and self.random.random() < 0.6:
            return self.random.choice(own)
        name = self.name("g" if len(self.own) == 1 else "v")
        own.append(name)
        return name

    def fill(self, template: str) -> str:
        """Replace the holes of a statement."""
        parts: list[str] = []
        local: dict[str, str] = {}
        bound: list[tuple[int, str]] = []
        place = 0
        while place < len(template):
            end = template.find("}", place)
            if template[place] != "{" or end < 0:
                parts.append(template[place])
                place += 1
                continue
            hole = template[place + 1 : end]
            if len(hole) == 1 and hole in TYPES:
                parts.append(self.expression(hole))
            elif len(hole) == 2 and hole[0] == "k" and hole[1].isupper():
                parts.append(self.existing(hole[1]))
            elif len(hole) == 2 and hole[0] == "=":
                # Bound after what the statement reads.
                bound.append((len(parts), hole[1]))
                parts.append("")
            elif hole == "sL":
                if hole not in local:
                    local[hole] = self.existing("L")
                parts.append(local[hole])
            elif hole == "i":
                parts.append(self.random.choice(("0", "0", "1", "-1", "2")))
            elif hole == "k":
                parts.append(self.random.choice(("'a'", "'a'", "'b'", "'c'")))
            elif hole == "k2":
                parts.append(self.random.choice("abc"))
            elif hole in ("v", "w"):
                if hole not in local:
                    local[hole] = self.name("i")
                parts.append(local[hole])
            else:
                parts.append("{")
                place += 1
                continue
            place = end + 1
        for position, kind in bound:
            parts[position] = self.target(kind)
        return "".join(parts)

    def existing(self, kind: str) -> str:
        """Give a variable of this scope that is bound (a statement may bind it anew)."""
        own = self.own[-1].get(kind)
        if own:
            return self.random.choice(own)
        name = self.name("g" if len(self.own) == 1 else "v")
        initial = self.plain(kind) if kind not in DECLARED else DECLARED[kind]
        self.write(f"{name} = {initial}")
        self.own[-1].setdefault(kind, []).append(name)
        return name

    # Statements.

    def write(self, line: str) -> None:
        """Write a line."""
        self.lines.append("    " * self.indent + line if line else "")

    def simple(self) -> None:
        """Write a simple statement, on one line or more."""
        template = self.random.choice(SIMPLE)
        if template.startswith("for") and self.random.random() < 0.5:
            head, _, body = template.partition(": ")
            filled = self.fill(template)
            head, _, body = filled.partition(": ")
            self.write(head + ":")
            self.indent += 1
            self.write(body)
            self.indent -= 1
            return
        line = self.fill(template)
        if line.startswith("try: "):
            self.write(line)
            self.write("except TypeError as error: print(type(error).__name__)")
        elif self.random.random() < 0.12 and line.endswith(")") and ": " not in line and "'" not in line:
            head, _, rest = line.rpartition("(")
            self.write(head + "(")
            self.write("    " + rest[:-1] if rest != ")" else "")
            self.write(")")
        elif self.random.random() < 0.08 and not line.startswith(("for", "while", "with", "if", "del")):
            other = self.fill("{L}.append({N})")
            self.write(f"{line}; {other}")
        else:
            self.write(line)

    def block(self, size: int) -> None:
        """Write an indented block."""
        self.indent += 1
        for _ in range(max(1, size)):
            self.statement()
        self.indent -= 1

    def statement(self) -> None:
        """Write one statement."""
        if self.indent >= 4 or self.random.random() < 0.72:
            self.simple()
            return
        self.random.choice(
            (
                self.condition, self.for_loop, self.while_loop, self.try_except, self.try_finally, self.with_block,
                self.call_statement, self.raise_through, self.nested_function, self.class_body, self.coroutines,
            )
        )()  # fmt: skip

    def small(self) -> int:
        """Give the size of a block."""
        return self.random.randrange(1, 4)

    def condition(self) -> None:
        """Write an if statement."""
        self.write(f"if {self.expression('L')} and {self.expression('N')} > 1:")
        self.block(self.small())
        if self.random.random() < 0.5:
            self.write(f"elif {self.expression('D')}:")
            self.block(1)
            self.write("else:")
            self.block(1)

    def for_loop(self) -> None:
        """Write a for loop with its ways out."""
        variable = self.name("i")
        self.write(f"for {variable} in {self.random.choice(['range(3)', self.expression('L') + '[:3]', '(1, 2)'])}:")
        self.block(self.small())
        self.indent += 1
        self.write(self.random.choice((f"if {variable} == 1: continue", f"if {variable} == 1: break", "pass")))
        self.simple()
        self.indent -= 1
        if self.random.random() < 0.4:
            self.write("else:")
            self.block(1)

    def while_loop(self) -> None:
        """Write a while loop that ends."""
        counter = self.name("i")
        self.write(f"{counter} = 0")
        self.write(f"while {counter} < 2:")
        self.indent += 1
        self.write(f"{counter} += 1")
        self.indent -= 1
        self.block(self.small())
        self.indent += 1
        self.write(self.random.choice((f"if {self.expression('L')}: continue", f"if {self.expression('S')}: break")))
        self.indent -= 1
        if self.random.random() < 0.5:
            self.write("else:")
            self.block(1)

    def try_except(self) -> None:
        """Write a try statement with handlers."""
        error = self.name("e")
        self.write("try:")
        self.block(self.small())
        self.write(f"except (ValueError, KeyError) as {error}:")
        self.indent += 1
        self.write(f"{self.expression('L')}.append(len({error}.args))")
        self.indent -= 1
        self.write("except Exception:")
        self.block(1)
        if self.random.random() < 0.4:
            self.write("else:")
            self.block(1)
        if self.random.random() < 0.4:
            self.write("finally:")
            self.block(1)

    def try_finally(self) -> None:
        """Write a try statement left by break, continue or return."""
        self.write(f"for {self.name('i')} in range(2):")
        self.indent += 1
        self.write("try:")
        self.block(self.small())
        self.indent += 1
        self.write(self.random.choice(("break", "continue", "pass", *(["return"] if self.in_plain() else []))))
        self.indent -= 1
        self.write("finally:")
        self.block(1)
        self.indent -= 1

    def in_plain(self) -> bool:
        """Tell whether a bare return is allowed: in a function, not at class level."""
        return self.in_function

    def with_block(self) -> None:
        """Write a with statement."""
        name = self.name("i")
        manager = self.random.choice(("Guard({L})", "managed({L})", "contextlib.suppress(Exception)", "contextlib.ExitStack()"))
        self.write(f"with {self.fill(manager)} as {name}:")
        if "ExitStack" in manager:
            self.indent += 1
            self.write(self.fill(f"{name}.callback({{L}}.append, {{N}})"))
            self.indent -= 1
        self.block(self.small())

    def call_statement(self) -> None:
        """Call a function of the program."""
        if not self.functions:
            self.simple()
            return
        function = self.random.choice(self.functions)
        self.write(f"{self.target(function[1])} = {self.call(function)}")

    def raise_through(self) -> None:
        """Raise and catch, with a cause or again."""
        name = self.name("e")
        self.write("try:")
        self.indent += 1
        self.write(f"raise ValueError({self.expression('N')})")
        self.indent -= 1
        self.write(f"except ValueError as {name}:")
        self.block(self.small())
        if self.random.random() < 0.3:
            self.indent += 1
            self.write(self.random.choice(("raise", f"raise KeyError('x') from {name}", f"{name}.args = (1, 2)")))
            self.indent -= 1

    def nested_function(self) -> None:
        """Write a closure that changes the variables around it, and call it."""
        if not self.in_function or len(self.own) > 3:
            self.simple()
            return
        rebound = [name for kind in "NLS" for name in self.own[-1].get(kind, ())]
        name = self.name("f")
        parameter = self.name("v")
        self.write(f"def {name}({parameter}=0):")
        self.indent += 1
        outer, self.in_function = self.in_function, True
        mine: dict[str, list[str]] = {"N": [parameter]}
        shared = self.random.sample(rebound, min(len(rebound), self.random.randrange(0, 3)))
        parameters = self.parameters
        shared = [one for one in shared if one not in self.undeclared]
        if shared:
            self.write(f"nonlocal {', '.join(shared)}")
            for kind in "NLS":
                for one in self.own[-1].get(kind, ()):
                    if one in shared:
                        mine.setdefault(kind, []).append(one)
        self.variables.append(mine)
        self.own.append(mine)
        held, self.undeclared = self.undeclared, set()
        self.indent -= 1
        self.block(self.small())
        self.undeclared = held
        self.variables.pop()
        self.own.pop()
        self.parameters = parameters
        self.in_function = outer
        self.write(f"{name}({self.expression('N')})")

    parameters: tuple[str, ...] = ()
    undeclared: set[str] = set()

    def class_body(self) -> None:
        """Write a class whose body does something."""
        name = self.name("K")
        self.write(f"class {name}:")
        self.indent += 1
        self.write(f"held = {self.plain('L')}")
        self.write("held.append(0)")
        self.write("again = [n for n in (1, 2)]")
        self.write("def put(self, item): self.held.append(item); self.mine = item; return self")
        self.indent -= 1
        self.write(f"{name}().put({self.expression('N')}).held.append({self.expression('N')})")
        self.write(f"{name}.held += [{self.expression('N')}]")

    def coroutines(self) -> None:
        """Write coroutines and run them."""
        if self.random.random() < 0.6:
            self.simple()
            return
        work, ticks, main = self.name("f"), self.name("f"), self.name("f")
        items = self.name("v")
        write = self.write
        write(f"async def {ticks}({items}):")
        write(f"    for {items}[0] in range(2):")
        write(f"        {self.fill('{L}.append({N})')}")
        write(f"        yield {items}")
        write(f"async def {work}({items}, number):")
        write(f"    async for tick in {ticks}({items}):")
        write("        tick.append(number)")
        write("        await asyncio.sleep(0)")
        write("    return [one async for one in " + f"{ticks}({items})]")
        write(f"async def {main}():")
        write(f"    return await asyncio.gather({work}({self.plain('L')}, 1), {work}({self.plain('L')}, 2))")
        write(f"asyncio.run({main}())")

    # The program.

    def function(self) -> None:
        """Write a function of the module."""
        name = self.name("f")
        kinds = "".join(self.random.choice(TYPES) for _ in range(self.random.randrange(1, 4)))
        names = [self.name("p") for _ in kinds]
        self.write("")
        self.write("")
        if self.random.random() < 0.15:
            self.write("@functools.wraps(pick)")
        self.write(f"def {name}({', '.join(names)}):")
        mine: dict[str, list[str]] = {}
        for kind, parameter in zip(kinds, names):
            mine.setdefault(kind, []).append(parameter)
        shared = self.random.sample("NLDS", 2) if self.random.random() < 0.4 else []
        declared = [one for kind in shared for one in self.own[0].get(kind, ())[:1]]
        outer = self.variables
        self.variables = [outer[0], mine]
        self.own.append(mine)
        self.in_function = True
        self.undeclared = set(declared)
        self.indent = 1
        if declared:
            self.write(f"global {', '.join(declared)}")
            for kind in shared:
                mine.setdefault(kind, []).extend(self.own[0].get(kind, ())[:1])
        self.indent = 0
        self.block(self.random.randrange(2, 5))
        result = self.random.choice(TYPES)
        self.indent = 1
        self.write(f"return {self.plain(result)}")
        self.indent = 0
        self.in_function = False
        self.variables = outer
        self.own.pop()
        if len(self.functions) < HARD_LIMIT:
            self.functions.append((name, result, kinds))

    def program(self) -> str:
        """Give the whole text."""
        self.lines = []
        for kind in TYPES:
            for _ in range(self.random.randrange(1, 3)):
                name = self.name("g")
                aliases = self.own[0].get(kind)
                alias = aliases and self.random.random() < 0.4
                self.write(f"{name} = {self.random.choice(aliases) if aliases and alias else self.random.choice(FRESH[kind])}")
                self.own[0].setdefault(kind, []).append(name)
        for kind, text in DECLARED.items():
            name = self.name("g")
            self.write(f"{name} = {text}")
            self.own[0][kind] = [name]
        for _ in range(self.random.randrange(1, 4)):
            self.function()
        self.write("")
        for _ in range(self.random.randrange(3, 7)):
            self.write("try:")
            self.block(self.small() + 1)
            self.write("except Exception as error:")
            self.write("    print(type(error).__name__)")
        self.write("print('end', g_number)")
        return PRELUDE + "\n".join(self.lines) + "\n"


def program(seed: int) -> str:
    """Give the program of a seed: the first of its attempts that compiles."""
    for attempt in range(10):
        text = Writer(seed * 10 + attempt).program()
        try:
            compile(text, "program", "exec")
        except SyntaxError:
            continue
        return text
    raise AssertionError(f"seed {seed} has no program")


def main() -> None:
    """Write the program of a seed."""
    text = program(int(sys.argv[1]))
    if len(sys.argv) > 2:
        with open(sys.argv[2], "w", encoding="utf-8") as file:
            file.write(text)
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
