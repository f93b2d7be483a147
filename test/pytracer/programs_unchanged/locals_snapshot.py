def function(argument):
    before = locals()
    value = 1
    after = locals()
    other = 2
    print(sorted(before), sorted(after))
    return sorted(locals())


print(function(1))


def exec_in():
    x = 1
    exec("x = 2")
    return x


print(exec_in())
