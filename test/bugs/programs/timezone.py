"""A local time is compared with one in UTC."""


class Clock:
    def __init__(self, hour, offset):
        self.hour = hour
        self.offset = offset

    def utc(self):
        return self.hour - self.offset


def deadline():
    clock = Clock(18, 2)
    return clock.hour


def is_late(now, limit):
    return now.utc() > limit


now = Clock(19, 2)
limit = deadline()
late = is_late(now, limit)
assert late, (now.utc(), limit)
