import helper

print(__name__, helper.value())
raise ValueError("from a folder")
