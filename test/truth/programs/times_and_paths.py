import datetime
import decimal
import fractions
import functools
import operator
import pathlib
import random
import statistics

day = datetime.date(2024, 2, 28)
days = [day + datetime.timedelta(days=n) for n in range(3)]
last = days.pop()
gap = last - day
stamp = datetime.datetime(2024, 1, 1, 12, tzinfo=datetime.timezone.utc)
stamp += gap
stamp = stamp.replace(hour=1)
text = stamp.isoformat()
back = datetime.datetime.fromisoformat(text)
by_day = {d: [] for d in days}
by_day[day].append(stamp)
price = decimal.Decimal("1.10")
price *= 3
price = price.quantize(decimal.Decimal("0.1"))
half = fractions.Fraction(1, 2)
half += fractions.Fraction(1, 3)
parts = [half.numerator, half.denominator]
path = pathlib.PurePosixPath("/a/b.txt")
other = path.with_suffix(".csv").name
names = [p.name for p in path.parents]
path = path.parent / "c" / other
middle = statistics.median([3, 1, 2])
random.seed(7)
dice = [random.randint(1, 6) for _ in range(3)]
random.shuffle(dice)
choice = random.choice([dice, names])
choice.append("chosen")


@functools.lru_cache(maxsize=2)
def slow(n):
    calls.append(n)
    return [n]


calls = []
slow(1).append("kept")
slow(2)
again = slow(1)
slow(3)
slow(2).append(0)
info = tuple(slow.cache_info())
slow.cache_clear()
slow(1)
total = functools.reduce(operator.or_, [{1}, {2}], set())
total |= {3}
total ^= {1, 4}
