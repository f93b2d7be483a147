def touch(mapping):
    mapping["seen"] = mapping.get("seen", 0) + 1
    return mapping


table = {"a": 1}
other = table
touch(table)
touch(other)
table.update(b=2, c=[1, 2])
table["c"].append(3)
del table["a"]
taken = table.pop("b")
table.setdefault("d", {})["deep"] = True
table[(1, 2)] = {3: 4}
table[1.5] = None
table[True] = "yes"
first = next(iter(table))
table["seen"] = 0
item = table.popitem()
merged = {**table, "z": 26}
merged.clear()
