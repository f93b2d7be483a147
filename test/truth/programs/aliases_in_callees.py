class Box:
    def __init__(self, value):
        self.value = value


def deep(box):
    inner = box.value
    inner["k"].append(len(inner["k"]))
    shallow(inner)


def shallow(mapping):
    mapping["n"] = mapping.get("n", 0) + 1
    mapping["k"][0] = "first"


shared = []
box = Box({"k": shared})
deep(box)
deep(box)
shared.append("outside")
box.value, saved = None, box.value
saved["k"] = shared + [1]
shared.clear()
