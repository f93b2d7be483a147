"""The newest entry is taken to be the last one, but an old key keeps its place."""


def record(latest, user, when):
    latest[user] = when


def newest(latest):
    users = list(latest)
    return users[-1]


latest = {}
record(latest, "ada", 1)
record(latest, "bob", 2)
record(latest, "ada", 3)
user = newest(latest)
assert user == "ada", user
