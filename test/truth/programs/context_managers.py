from contextlib import contextmanager


class Guard:
    def __init__(self, log):
        self.log = log

    def __enter__(self):
        self.log.append("in")
        return self.log

    def __exit__(self, kind, value, trace):
        self.log.append(kind.__name__ if kind else "out")
        return kind is ValueError


@contextmanager
def tagged(log, name):
    log.append(name)
    try:
        yield len(log)
    finally:
        log.append("/" + name)


log = []
with Guard(log) as inside, tagged(log, "t") as n:
    inside.append(n)
with Guard(log):
    raise ValueError("swallowed")
try:
    with tagged(log, "u"):
        raise KeyError(1)
except KeyError as error:
    log.append(error.args)
