# needs: 3.14
# Interpreters as the standard library has them, in this thread and in others.
from concurrent import interpreters
from concurrent.futures import InterpreterPoolExecutor

one = interpreters.create()
one.exec("total = sum(range(10))\nprint('inside', total)")
result = [one.call(len, (1, 2, 3))]
one.close()
with InterpreterPoolExecutor(2) as pool:
    result.extend(pool.map(abs, (-1, -2)))
print("result:", result)
