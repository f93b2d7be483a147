"""No repr of the program is asked for, and no context is made, for objects of types in C."""

import datetime
import decimal
import re

CALLS = []


class Zone(datetime.tzinfo):
    def utcoffset(self, moment):
        CALLS.append("utcoffset")
        return datetime.timedelta(hours=2)

    def __repr__(self):
        CALLS.append("zone")
        return "Zone()"


class Span(datetime.timedelta):
    def __repr__(self):
        CALLS.append("span")
        return "Span()"


class Text(str):
    def __repr__(self):
        CALLS.append("text")
        return "Text()"


class Money(decimal.Decimal):
    def __repr__(self):
        CALLS.append("money")
        return "Money()"

    def __str__(self):
        CALLS.append("money")
        return "2"


third = decimal.Decimal("0.5")
decimal.DefaultContext.prec = 5
quotient = decimal.Decimal(1) / decimal.Decimal(3)
held = [datetime.datetime(2024, 1, 1, tzinfo=Zone()), re.compile(Text("a")), Money("2")]
held.append(datetime.time(1, 2, tzinfo=Zone()))
held.append(datetime.timezone(Span(hours=1), Text("T")))
held.append(datetime.datetime(2024, 1, 1, tzinfo=held[-1]))
found = re.match("a", Text("abc"))
held.append(found)
print(len(held), quotient, CALLS)
