import contextlib
import io


class Resource:
    opened = []

    def __init__(self, name):
        self.name = name
        self.log = []

    def __enter__(self):
        Resource.opened.append(self.name)
        self.log.append("enter")
        return self

    def __exit__(self, kind, error, trace):
        Resource.opened.remove(self.name)
        self.log.append(kind.__name__ if kind else "exit")
        return kind is KeyError


@contextlib.contextmanager
def managed(log):
    log.append("in")
    try:
        yield log
    except ValueError as error:
        log.append(str(error))
    finally:
        log.append("out")


@contextlib.contextmanager
def swapped(owner, name, value):
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


class Decor(contextlib.ContextDecorator):
    def __init__(self, log):
        self.log = log

    def __enter__(self):
        self.log.append("decor")

    def __exit__(self, *exc):
        self.log.append("undecor")


log = []
a, b = Resource("a"), Resource("b")
with a, b as also:
    also.log.append("body")
with a:
    {}["missing"]
with managed(log) as same:
    raise ValueError("bad")
with swapped(a, "name", "other"):
    inner = a.name
with contextlib.ExitStack() as stack:
    x = stack.enter_context(Resource("x"))
    stack.callback(log.append, "callback")
    stack.push(Resource("p").__enter__())
    moved = stack.pop_all()
moved.close()
with contextlib.suppress(ZeroDivisionError):
    log.append(1 / 0)
out = io.StringIO()
with contextlib.redirect_stdout(out):
    print("kept")
text = out.getvalue()


@Decor(log)
def work(n):
    log.append(n)
    return n


work(1)
with contextlib.closing(io.BytesIO(b"x")) as file:
    data = file.read()
with contextlib.nullcontext(log) as null:
    null.append("null")


def early(items):
    with managed(items):
        for n in range(3):
            with a:
                if n == 1:
                    return n
                items.append(n)


got = early(log)
