"""Arrays and views of their memory: changed by themselves, through each other, in callees and by C functions."""

import array
import struct


def fill(numbers, value):
    for index in range(len(numbers)):
        numbers[index] = value


def double(view):
    view[0] *= 2
    return view[0]


numbers = array.array("i", [1, 2, 3])
numbers.append(4)
numbers[0] = 10
alias = numbers
alias.extend([5, 6])
del numbers[1]
numbers += array.array("i", [7])
numbers.reverse()
numbers.insert(1, 99)
taken = numbers.pop()
view = memoryview(numbers)
view[2] = -5
twice = double(view)
part = view[1:3]
part[0] = 1000
fill(part, 3)
struct.pack_into("ii", numbers, 4, 77, 78)
part.release()
view.release()
numbers.append(8)
numbers.byteswap()
numbers.byteswap()
floats = array.array("d", [0.5, float("inf")])
floats[1] = -0.0
short = array.array("f", (0.25 * n for n in range(6)))
holder = {"a": floats, "b": [short]}
holder["b"][0][1] = 8.5
holder["a"].frombytes(struct.pack("d", 2.5))
many = array.array("q", range(50))
many[3], many[40] = many[40], many[3]
many[10:20] = array.array("q", [0])
fill(many, 1)
data = bytearray(b"abcdef")
window = memoryview(data)
window[0:2] = b"XY"
data[2] = 90
words = window.cast("H")
words[2] = 0
words.release()
window.release()


class Named(array.array):
    """A subclass with attributes."""


named = Named("h", [1, 2])
named.label = "first"
named.append(3)
named.label = "second"


def local():
    mine = array.array("B", b"xyz")
    mine[1] += 1
    mine.fromlist([1, 2])
    return mine.tolist()


print(local(), numbers.tolist(), floats.tolist(), bytes(data))
