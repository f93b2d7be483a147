import copy
import random
from collections import Counter, OrderedDict, defaultdict

random.seed(1)
deck = [1, 2, 3, 4, 5]
random.shuffle(deck)
counts = Counter("abca")
counts.update("bb")
counts["z"] += 1
groups = defaultdict(list)
groups["x"].append(1)
groups["y"]
order = OrderedDict(a=1, b=2)
order.move_to_end("a")
order["c"] = 3
clone = copy.deepcopy([deck, order])
clone[0].append(6)
deck.append(7)
