"""Heaps: shortest ways over a hilly grid."""

import heapq

SIZE = 1000


class Node:
    __slots__ = ("place", "distance", "previous", "is_done")

    def __init__(self, place):
        self.place = place
        self.distance = 1 << 30
        self.previous = None
        self.is_done = False


def height(x, y):
    return (x * 7 + y * 13 + x * y * 3) % 11


def neighbours(place, width):
    x, y = place
    found = []
    if x > 0:
        found.append((x - 1, y))
    if y > 0:
        found.append((x, y - 1))
    if x < width - 1:
        found.append((x + 1, y))
    if y < width - 1:
        found.append((x, y + 1))
    return found


def shortest(width, start):
    nodes = {(x, y): Node((x, y)) for x in range(width) for y in range(width)}
    nodes[start].distance = 0
    heap = [(0, start)]
    while heap:
        distance, place = heapq.heappop(heap)
        node = nodes[place]
        if node.is_done:
            continue
        node.is_done = True
        for other_place in neighbours(place, width):
            other = nodes[other_place]
            if other.is_done:
                continue
            step = 1 + abs(height(*place) - height(*other_place))
            if distance + step < other.distance:
                other.distance = distance + step
                other.previous = node
                heapq.heappush(heap, (other.distance, other_place))
    return nodes


def way_to(node):
    way = []
    while node is not None:
        way.append(node.place)
        node = node.previous
    return way


def main(size):
    total = 0
    for number in range(size):
        width = 14
        nodes = shortest(width, (number % width, 0))
        total += nodes[width - 1, width - 1].distance
        total += len(way_to(nodes[width - 1, width - 1]))
    return total
