# A dict that no variable names becomes the namespace of exec.
def pick(*things):
    return things[0]
d = {"b": 1}
exec(compile("x = 1\n", "made", "exec"), pick(d))
d
def f():
    for held in [[{"c": 2}]]:
        exec("x = 1", held.pop())
f()
e = {}
exec("x = 1", (e or {}))
e
