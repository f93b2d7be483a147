"""Bytes are read with another encoding than they were written with."""


def store(text):
    return text.encode("utf-8")


def load(data):
    return data.decode("latin-1")


name = "Zoë"
loaded = load(store(name))
assert loaded == name, loaded
