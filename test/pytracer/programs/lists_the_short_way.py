class D:
    def __index__(self): return 0
def f():
    l = [1, [2], 3]
    for i in range(4):
        l.append(i)
        l.append([i])
        l[i] = i
        l[-1] = l
        l[D()] = 7
        l[i] = [l]
        l[i][0] = 4
    m = l
    m.append(l.pop())
    m[0] = m.append(2)
    m.append(m.append(3))
    k = {1: [1]}
    k[1].append(2)
    k[1][0] = 9
    l.append(k[1].append(5))
    class L(list):
        def append(self, x):
            super().append(x)
            m.append(x)
    q = L()
    q.append(3)
    q[0] = 8
    return l
f()
