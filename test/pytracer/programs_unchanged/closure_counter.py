def counter():
    count = 0

    def step():
        nonlocal count
        count += 1
        return count

    return step


step = counter()
print([step() for _ in range(5)], step.__closure__[0].cell_contents)
