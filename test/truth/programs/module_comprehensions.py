def double(v):
    w = v
    return w * 2


x = 5
a = [
    double(x)
    for x in
    range(3)
    if double(x)
]
table = {
    x: [
        double(x) + y
        for y in
        (x, double(x))
    ]
    for x in
    (1, 5)
}
flat = {(p, q) for p, q in [(1, 2), (3, 4)]}
for n in range(2):
    try:
        quotients = [
            double(1 // x)
            for x in (1, n)
        ]
    except ZeroDivisionError:
        x += 1
functions = [
    lambda: z
    for z in (1, 2)
]
values = [f() for f in functions]
totals = []
last = [
    (total := len(totals), totals.append(row))
    for row in ([], [1])
]
for total in [[double(i) for i in range(r)] for r in (0, 2)]:
    totals += total


class Plain:
    k = 3
    x = k
    doubled = [
        double(x)
        for x in
        (k, 4)
    ]
    nested = {
        x: [
            y
            for y in range(x)
        ]
        for x in (1, 2)
    }
    getters = [
        (lambda: g)
        for g in (k, x)
    ]

    class Inner:
        names = [name for name in "ab"]


def within():
    kept = "free"

    class Local:
        mine = [
            (double(m), kept)
            for m in (1, 2)
        ]

    return Local.mine, kept


result = within()
last_value = [g() for g in Plain.getters]
