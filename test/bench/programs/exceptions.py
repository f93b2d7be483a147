"""Exceptions: raised, caught, translated, cleaned up after."""

SIZE = 130000


class Shortage(Exception):
    def __init__(self, wanted, there):
        super().__init__(f"{wanted} wanted, {there} there")
        self.wanted = wanted
        self.there = there


class Store:
    def __init__(self):
        self.stock = {"nails": 100, "screws": 50, "bolts": 10}
        self.is_open = False
        self.opened = 0

    def __enter__(self):
        self.is_open = True
        self.opened += 1
        return self

    def __exit__(self, kind, error, traceback):
        self.is_open = False
        return kind is Shortage

    def take(self, name, count):
        there = self.stock[name]
        if there < count:
            raise Shortage(count, there)
        self.stock[name] = there - count
        return count


def order(store, name, count):
    try:
        return store.take(name, count)
    except KeyError as error:
        raise ValueError("no such thing") from error
    finally:
        store.stock["nails"] += 1


def first_number(words):
    for word in words:
        try:
            return int(word)
        except ValueError:
            continue
    return -1


def main(size):
    store = Store()
    sold = 0
    refused = 0
    unknown = 0
    names = ("nails", "screws", "bolts", "glue")
    for number in range(size):
        try:
            sold += order(store, names[number % 4], number % 7)
        except Shortage as error:
            refused += error.wanted - error.there
            store.stock[names[number % 4]] += 20
        except ValueError:
            unknown += 1
        with store:
            store.take("bolts", number % 12)
            sold += 1
        if number % 3 == 0:
            sold += first_number(("one", "two", str(number % 10)))
    return sold, refused, unknown, store.opened
