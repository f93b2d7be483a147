total = 0
for i in range(3): total += i
while total > 0: total -= 1
squares = []; squares.append(1); squares.append(4)
f = lambda x: x + 1; y = f(1)
def g(x): squares.append(x); return x
z = g(2); w = g(3)
a, b = b_values = [1, 2]; a, b = b, a
for i in range(2): 
    for j in range(2): total += j
x = [total for total in range(2)]; l = [1]; l.pop(); l.append([2])
if total: pass
