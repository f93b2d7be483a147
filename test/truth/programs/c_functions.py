import bisect
import heapq
import operator

heap = [5, 1, 4]
heapq.heapify(heap)
heapq.heappush(heap, 0)
smallest = heapq.heappop(heap)
ordered = [1, 3, 5]
bisect.insort(ordered, 4)
operator.setitem(ordered, 0, "one")
operator.delitem(ordered, 1)
add = ordered.append
add("bound")
list(map(ordered.append, (7, 8)))
ordered.sort(key=str)
words = {}
for word in ("a", "b", "a"):
    words[word] = words.get(word, 0) + 1
pairs = list(zip(words, words.values()))
dict.update(words, c=3)
list.append(ordered, 1)
