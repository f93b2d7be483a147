def fact(n):
    if n <= 1:
        return 1
    smaller = fact(n - 1)
    return n * smaller


def flatten(tree, out):
    for node in tree:
        if type(node) is list:
            flatten(node, out)
        else:
            out.append(node)
    return out


def even(n): return True if n == 0 else odd(n - 1)
def odd(n): return False if n == 0 else even(n - 1)


f = fact(5)
flat = flatten([1, [2, [3, [4]]], []], [])
parity = even(4)
