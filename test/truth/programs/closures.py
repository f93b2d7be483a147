def counter(start):
    count = start
    log = []

    def increment(by=1):
        nonlocal count
        count += by
        log.append(count)
        return count

    def peek():
        return count

    increment()
    count += 10
    return increment, peek


bump, look = counter(5)
bump()
bump(3)
seen = look()
functions = [lambda k=k: k * seen for k in range(3)]
late = [lambda: k for k in range(3)]
values = [f() for f in functions] + [f() for f in late]
