"""A cache that nobody empties when the price changes."""

prices = {"tea": 3}
cache = {}


def price_of(name):
    if name not in cache:
        cache[name] = prices[name]
    return cache[name]


def raise_price(name, by):
    prices[name] = prices[name] + by


before = price_of("tea")
raise_price("tea", 2)
after = price_of("tea")
assert after == 5, after
