def inner(value):
    return 1 / value


def outer(value):
    try:
        return inner(value)
    except ZeroDivisionError as error:
        raise ValueError("outer") from error


try:
    outer(0)
except ValueError:
    import traceback

    traceback.print_exc()
print([outer(1)])
outer(0)
