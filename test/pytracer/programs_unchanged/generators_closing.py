def numbers():
    try:
        while True:
            got = yield 1
            print("got", got)
    except ValueError as error:
        print("thrown", error)
        yield "after"
    finally:
        print("closing")


generator = numbers()
print(next(generator), generator.send("x"))
print(generator.throw(ValueError("v")))
generator.close()
dropped = numbers()
next(dropped)
del dropped
print("dropped")


def delegating():
    result = yield from inner()
    print("result", result)


def inner():
    yield "a"
    return "b"


print(list(delegating()), generator.gi_frame, generator.gi_running)
at_exit = numbers()
next(at_exit)
