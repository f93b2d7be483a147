import bisect
import heapq
import operator

heap = [3, 1]
pair = (heap, 0)
heapq.heappush(*pair)
bisect.insort(*[heap, 5])
options = {"x": 2}
heapq.heappush(heap, *(4,))
operator.setitem(*(heap, 0, "first"))
setattr(*(operator, "spare", heap))
operator.spare.append(6)
list.append(*pair)
list.extend(*(heap, (7, 8)))


def shared(items, *rest, **named):
    items.append(len(rest))
    named["log"].append(items[-1])
    return items


log = []
shared(*(heap, 1, 2), **{"log": log})
shared(*[shared(heap, log=log)], log=log)
del operator.spare
