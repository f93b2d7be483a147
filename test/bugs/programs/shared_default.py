"""A default list that all calls share."""


def collect(name, names=[]):
    names.append(name)
    return names


first = collect("ada")
second = collect("bob")
assert second == ["bob"], second
