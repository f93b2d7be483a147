counter = 0
items = []


def bump():
    global counter, created
    counter += 1
    items.append(counter)
    created = counter * 2


def remove():
    global created
    del created


bump()
bump()
remove()
globals()["dynamic"] = 5
dynamic += 1
items[:] = []
counter: int = 7
if counter > 3: counter = 3
for counter in range(2): items.append(counter)
