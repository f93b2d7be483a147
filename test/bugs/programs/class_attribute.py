"""A list of the class is taken for one of each instance."""


class Basket:
    items = []

    def add(self, item):
        self.items.append(item)


mine = Basket()
yours = Basket()
mine.add("apple")
count = len(yours.items)
assert count == 0, count
