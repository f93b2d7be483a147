"""A price that cannot be read becomes zero without a word."""


def read_price(text):
    try:
        return float(text)
    except ValueError:
        return 0.0


def total(texts):
    result = 0.0
    for text in texts:
        price = read_price(text)
        result += price
    return result


amount = total(["1.50", "2,50", "3.00"])
assert amount == 7.0, amount
