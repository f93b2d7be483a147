class Box:
    def __init__(self, name):
        self.name = name


def change(basket, box):
    basket.append(3)
    box.name = "second"


def loop(rounds):
    total = 0
    for number in range(rounds):
        doubled = number * 2
        total += doubled  # round
    return total


basket = [1, 2]
alias = basket
twin = [1, 2]
box = Box("first")
change(basket, box)  # before
loop(3)  # after
