"""Dicts: words are counted, indexed and compared."""

SIZE = 340000
SYLLABLES = ("ka", "to", "mi", "ra", "ne", "su", "vel", "or", "in", "da")


def words(count):
    state = 12345
    for _ in range(count):
        state = (state * 1103515245 + 12345) % 2147483648
        length = 1 + (state >> 16) % 3
        word = ""
        for place in range(length):
            word += SYLLABLES[(state >> (4 * place)) % 10]
        yield word


def count_words(count):
    counts = {}
    places = {}
    for place, word in enumerate(words(count)):
        counts[word] = counts.get(word, 0) + 1
        if word in places:
            places[word].append(place)
            if len(places[word]) > 20:
                del places[word][0]
        else:
            places[word] = [place]
    return counts, places


def by_length(counts):
    groups = {}
    for word, count in counts.items():
        group = groups.setdefault(len(word), {"words": 0, "total": 0, "longest": ""})
        group["words"] += 1
        group["total"] += count
        if word > group["longest"]:
            group["longest"] = word
    return groups


def main(size):
    counts, places = count_words(size)
    groups = by_length(counts)
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:5]
    return best, len(places), sorted((key, group["total"]) for key, group in groups.items())
