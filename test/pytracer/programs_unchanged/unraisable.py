class Broken:
    def __del__(self):
        raise ValueError("in __del__")


def make():
    Broken()
    return "made"


print(make())
