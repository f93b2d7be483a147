"""What each customer of a small shop pays."""


def total(prices, discount):
    result = 0
    for price in prices:
        result += price
    return result - discount


def report(orders):
    lines = []
    for name, prices in orders.items():
        discount = len(prices)
        amount = total(prices, discount)
        lines.append(f"{name} pays {amount}")
    return lines


orders = {"ada": [12, 30], "grace": [7, 7, 7]}
for line in report(orders):
    print(line)
