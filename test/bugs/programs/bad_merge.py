"""Defaults are merged over what the user chose."""


def settings(chosen):
    merged = dict(chosen)
    defaults = {"color": "grey", "size": 10}
    merged.update(defaults)
    return merged


config = settings({"color": "red"})
color = config["color"]
assert color == "red", color
