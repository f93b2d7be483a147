class Holder:
    pass


def last(items):
    return items[-1]


holders = [Holder(), Holder()]
last(holders).value = "deep"
last(holders).value = {"x": []}
last(holders).value["x"].append(1)
holders[0].peer = holders[1]
holders[0].peer.value["y"] = 2
index = 0
holders[index].n, index = 5, 1
rows = [[1], [2]]
last(rows)[0] = 20
last(rows).append(21)
(rows if index else holders)[0].append("t")
next(iter(rows))[0] = "it"
last([rows])[1] = "gone"
getattr(holders[0], "peer").tag = True
