"""Dates, decimals and patterns: objects of types in C that are shown by their repr."""

import datetime
import decimal
import re

day = datetime.date(2024, 2, 29)
moment = datetime.datetime(2024, 2, 29, 12, 30, 1, 500, tzinfo=datetime.timezone.utc)
zone = datetime.timezone(datetime.timedelta(hours=-3, minutes=-30), "X")
clock = datetime.time(7, 5, tzinfo=zone)
span = moment - datetime.datetime(2024, 1, 1, tzinfo=zone)
day = day + datetime.timedelta(days=1)
price = decimal.Decimal("1.50")
price *= 3
tiny = decimal.Decimal("1E-30")
infinite = decimal.Decimal("-Infinity")
pattern = re.compile(r"(\d+)-(?P<word>\w+)", re.I)
match = pattern.match("12-ab!")
none = pattern.match("nothing")
print(price, tiny, infinite, match.group("word"), none)
