def grow(items, value):
    items.append(value)
    items.insert(0, -value)
    return items


numbers = [3, 1, 2]
alias = numbers
grow(numbers, 9)
alias.sort()
alias.reverse()
numbers += [7, 7]
numbers[1:3] = ["a", "b", "c"]
del numbers[0]
numbers.remove(7)
last = numbers.pop()
copy = numbers[:]
copy.clear()
numbers.extend(range(2))
numbers[0] = numbers
numbers[0] = None
numbers *= 2
