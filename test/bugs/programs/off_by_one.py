"""The last page is lost."""


def page_count(total, size):
    return total // size


def pages(items, size):
    result = []
    for number in range(page_count(len(items), size)):
        result.append(items[number * size : (number + 1) * size])
    return result


found = pages(list(range(7)), 3)
assert sum(len(page) for page in found) == 7, found
