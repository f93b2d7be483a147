def each(items):
    for i in range(3):
        exec("items.append(i)")
    return items


def cleaned(items):
    for i in range(2):
        try:
            j = i
            continue
        finally:
            k = eval("items.append(j) or i")
            del j
    return k


def given(names):
    for i in range(2):
        names["i"] = i
        exec("j = i\nk = j", {}, names)
    return names


each([])
cleaned([])
given({})
