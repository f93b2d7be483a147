def work(n):
    squares = [i * i for i in range(n)]
    evens = {i for i in squares if i % 2 == 0}
    table = {
        i: [j for j in range(i)]
        for i in range(n)
    }
    lazy = (i + 1 for i in squares)
    total = sum(lazy)
    i = "kept"
    nested = [
        (x, y)
        for x in range(2)
        for y in "ab"
        if x or y != "a"
    ]
    if (big := max(squares)) > 3:
        total += big
    return total, table, nested, i


result = work(3)
module_level = [c.upper() for c in "ab"]
