def lifecycle(flag):
    x = 1
    if flag:
        y = [x]
    del x
    try:
        return x
    except UnboundLocalError as e:
        x = "back"
    with open(__file__) as handle:
        first = handle.readline()
    for k in []:
        never = k
    import os as system
    name = system.path.basename("a/b")
    return x, name


first = lifecycle(True)
second = lifecycle(False)
a = b = c = []
del a
b.append(1)
