"""`or` of a comparison and a string is always true."""


def is_weekend(day):
    return day == "sat" or "sun"


def price(day):
    if is_weekend(day):
        rate = 20
    else:
        rate = 10
    return rate


result = price("mon")
assert result == 10, result
