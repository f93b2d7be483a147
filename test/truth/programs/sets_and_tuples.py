primes = {2, 3, 5}
same = primes
primes.add(7)
primes.discard(2)
same |= {11, 13}
same -= {3}
frozen = frozenset(primes)
pair = (primes, [1])
pair[1].append(2)
pair[0].clear()
nested = ((1, (2.5, "x")), (None, True))
empty = ()
single = (1,)
left, (middle, *rest) = 1, (2, 3, 4)
primes.update("ab")
primes ^= {"a", "c"}
