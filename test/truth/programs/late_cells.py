def outer():
    def inner():
        return later + shared[0]

    shared = [1]
    later = 2
    first = inner()
    later = 3
    shared[0] = 10
    second = inner()
    del later
    try:
        inner()
    except NameError as error:
        message = type(error).__name__
    later = 0
    return first, second, message


def deep():
    total = 0

    def level1():
        def level2(n):
            nonlocal total
            total += n
            if n:
                level2(n - 1)

        level2(3)
        return total

    return level1() + total


a = outer()
b = deep()
