space = {"x": 1}
exec("x += 1\ny = [x]\nfor i in range(2):\n    y.append(i)", space)
value = eval("x * 2", space)
code = compile("def made(a):\n    b = a + 1\n    return b\n", "made.py", "exec")
exec(code, space)
result = space["made"](value)
names = [name for name in space if not name.startswith("__")]
exec("z = 1")
z += 1


def local_exec():
    inner = 1
    found = eval("inner + 1")
    return found


out = local_exec()
