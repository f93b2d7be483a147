def resilient():
    caught = []
    try:
        while True:
            try:
                value = yield len(caught)
            except ValueError as error:
                caught.append(str(error))
            else:
                caught.append(value)
    finally:
        caught.append("closed")


gen = resilient()
next(gen)
gen.throw(ValueError("one"))
gen.send("two")
try:
    gen.throw(KeyError("three"))
except KeyError as error:
    name = error.args[0]


def simple():
    yield 1
    yield 2


s = simple()
next(s)
try:
    s.throw(RuntimeError("in"))
except RuntimeError:
    out = True
exhausted = list(s)
