"""JSON, read and written in Python alone."""

SIZE = 1300


class Reader:
    def __init__(self, text):
        self.text = text
        self.place = 0

    def skip(self):
        while self.place < len(self.text) and self.text[self.place] in " \n\t":
            self.place += 1

    def value(self):
        self.skip()
        character = self.text[self.place]
        if character == "{":
            return self.object()
        if character == "[":
            return self.array()
        if character == '"':
            return self.string()
        for word, meaning in (("true", True), ("false", False), ("null", None)):
            if self.text.startswith(word, self.place):
                self.place += len(word)
                return meaning
        return self.number()

    def object(self):
        result = {}
        self.place += 1
        self.skip()
        while self.text[self.place] != "}":
            self.skip()
            key = self.string()
            self.skip()
            self.place += 1
            result[key] = self.value()
            self.skip()
            if self.text[self.place] == ",":
                self.place += 1
                self.skip()
        self.place += 1
        return result

    def array(self):
        result = []
        self.place += 1
        self.skip()
        while self.text[self.place] != "]":
            result.append(self.value())
            self.skip()
            if self.text[self.place] == ",":
                self.place += 1
                self.skip()
        self.place += 1
        return result

    def string(self):
        start = self.place + 1
        end = start
        while self.text[end] != '"':
            end += 1
        self.place = end + 1
        return self.text[start:end]

    def number(self):
        start = self.place
        while self.place < len(self.text) and self.text[self.place] in "+-.0123456789eE":
            self.place += 1
        word = self.text[start : self.place]
        return float(word) if "." in word or "e" in word else int(word)


def write(value, out):
    if value is None:
        out.append("null")
    elif value is True or value is False:
        out.append("true" if value else "false")
    elif isinstance(value, str):
        out.append('"' + value + '"')
    elif isinstance(value, (int, float)):
        out.append(repr(value))
    elif isinstance(value, list):
        out.append("[")
        for index, item in enumerate(value):
            if index:
                out.append(", ")
            write(item, out)
        out.append("]")
    else:
        out.append("{")
        for index, (key, item) in enumerate(value.items()):
            if index:
                out.append(", ")
            out.append('"' + key + '": ')
            write(item, out)
        out.append("}")


def sample():
    people = []
    for number in range(12):
        people.append(
            {
                "name": f"person {number}",
                "age": 20 + number,
                "height": 1.5 + number / 100,
                "tags": ["a", "b", str(number)],
                "married": number % 2 == 0,
                "boss": None if number == 0 else {"name": f"person {number // 2}", "since": 1990 + number},
            }
        )
    return {"people": people, "count": len(people)}


def main(size):
    data = sample()
    total = 0
    for _ in range(size):
        out = []
        write(data, out)
        text = "".join(out)
        data = Reader(text).value()
        data["count"] += 1
        total += len(text)
    return total, data["count"]
