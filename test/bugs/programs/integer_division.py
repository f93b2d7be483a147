"""A share is rounded down before it is multiplied."""


def share(part, whole):
    return part // whole


def percent(part, whole):
    ratio = share(part, whole)
    return ratio * 100


progress = percent(3, 4)
assert progress == 75, progress
