items = [1, 2, 3, 4]
for item in items:
    if item % 2 == 0:
        items.remove(item)
    else:
        items.append(item * 10) if item < 3 else None
table = {"a": 1, "b": 2}
for key in list(table):
    table[key + key] = table.pop(key)
matrix = [[0] * 2] * 2
matrix[0][0] = 1
matrix[1] = matrix[1][:]
matrix[1][1] = 5


def shared_default(value, seen=[]):
    seen.append(value)
    return seen


first = shared_default(1)
second = shared_default(2)
