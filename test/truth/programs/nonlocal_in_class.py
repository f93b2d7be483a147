def outer():
    x = 1
    ys = []

    def inner():
        class K:
            nonlocal x
            x = 10
            ys.append(x)
            z = [x for _ in range(2)]
            x += 1
        return K

    def reader():
        return x

    k = inner().z
    y = x
    seen = reader()
    del x
    return k, y, seen


result = outer()
