"""List swaps: every order of a deck, and how often it can be flipped until the one is on top."""

SIZE = 260


def flips_of(deck):
    count = 0
    cards = deck[:]
    top = cards[0]
    while top:
        low = 0
        high = top
        while low < high:
            cards[low], cards[high] = cards[high], cards[low]
            low += 1
            high -= 1
        count += 1
        top = cards[0]
    return count


def main(size):
    # The number of orders grows by leaps, so the size counts orders in thousands.
    length = 10
    deck = list(range(length))
    counters = [0] * length
    most = 0
    checksum = 0
    level = 0
    seen = 0
    limit = size * 1000
    while level < length and seen < limit:
        if counters[level] < level:
            other = counters[level] if level % 2 else 0
            deck[other], deck[level] = deck[level], deck[other]
            flips = flips_of(deck)
            if flips > most:
                most = flips
            checksum += flips if seen % 2 else -flips
            seen += 1
            counters[level] += 1
            level = 0
        else:
            counters[level] = 0
            level += 1
    return most, checksum, seen
