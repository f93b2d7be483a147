"""A shop's morning: three customers take their baskets, give things back, and pay.

It fails in the last line of the story, with a traceback that points at innocent code.
"""

PRICES = {"bread": 3.20, "milk": 1.10, "tea": 4.50, "jam": 2.80}


class Customer:
    def __init__(self, name, basket=["bread", "milk"]):
        self.name = name
        self.basket = basket

    def take(self, item):
        self.basket.append(item)

    def give_back(self, item):
        self.basket.remove(item)

    def total(self):
        return sum(PRICES[item] for item in self.basket)


def morning():
    ada = Customer("Ada")
    eve = Customer("Eve", ["tea"])
    ben = Customer("Ben")
    ada.take("jam")
    ada.give_back("milk")
    eve.take("bread")
    takings = ada.total() + eve.total()
    print(f"{takings:.2f} in the till before Ben pays")
    ben.give_back("milk")
    takings += ben.total()
    return takings


print(f"{morning():.2f} in the till at noon")
