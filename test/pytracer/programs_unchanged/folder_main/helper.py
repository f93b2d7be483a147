def value():
    return [1, 2]
