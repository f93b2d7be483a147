"""Loops, exceptions and context managers."""


def loops(n):
    total = 0
    for i in range(n):
        if i % 2: continue
        while total < i:
            total += 1
            if total > 100:
                break
        else:
            total -= 1
    for j in range(n): total += j
    return total


def handlers(action):
    try:
        action()
    except ValueError as error:
        print(error)
    except (TypeError, KeyError):
        raise
    else:
        print("fine")
    finally:
        try:
            action.close()
        except Exception:
            pass
    return action


def early_returns(path):
    for name in path:
        try:
            with open(name) as one, open(
                name + "2"
            ) as two:
                return one.read() + two.read()
        finally:
            print("closed")
    return None


def nested_finally(a):
    try:
        try:
            return a()
        finally:
            a.x = 1
    finally:
        del a.x


def conditions(a, b, c):
    assert a and (b or
                  c), "no"
    if not a:
        x = 1
    elif b if c else a:
        x = 2
    else:
        x = 3
    return 1 < x < 3 == c


def unreachable():
    while True:
        pass
    return 1
