"""Strings: texts are built, shifted, wrapped and searched, character by character."""

SIZE = 5000
TEXT = "It was on a bright day in the month of April that the clocks of the whole town stood still. "


def shift(text, by):
    out = []
    for character in text:
        if "a" <= character <= "z":
            place = (ord(character) - 97 + by) % 26
            out.append(chr(place + 97))
        elif "A" <= character <= "Z":
            place = (ord(character) - 65 + by) % 26
            out.append(chr(place + 65))
        else:
            out.append(character)
    return "".join(out)


def wrap(text, width):
    lines = []
    line = ""
    for word in text.split():
        if len(line) + len(word) + 1 > width:
            lines.append(line)
            line = word
        else:
            line = line + " " + word if line else word
    lines.append(line)
    return lines


def reverse(text):
    result = ""
    for character in text:
        result = character + result
    return result


def palindromes(text):
    found = 0
    clean = "".join(c.lower() for c in text if c.isalpha())
    for middle in range(len(clean)):
        low = middle - 1
        high = middle + 1
        while low >= 0 and high < len(clean) and clean[low] == clean[high]:
            found += 1
            low -= 1
            high += 1
    return found


def main(size):
    total = 0
    secret = TEXT * 4
    for number in range(size):
        secret = shift(secret, number % 26)
        lines = wrap(secret, 30 + number % 20)
        total += len(lines)
        total += palindromes(secret[:120])
        total += reverse(secret[:80]).find("a")
        label = f"{number:04d}: {lines[0]!r} {total}"
        total += len(label)
    return total, secret[:20]
