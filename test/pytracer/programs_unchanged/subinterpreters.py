# Other interpreters in the same process are none of the recorder's business.
import threading

try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters

CODE = """
def work(count):
    items = []
    for number in range(count):
        items.append([number])
    return len(items)

total = sum(work(n) for n in range(20))
assert total == 190, total
"""


def run(rounds):
    for _ in range(rounds):
        one = interpreters.create()
        problem = interpreters.run_string(one, CODE)
        interpreters.destroy(one)
        print("ended", problem)


def mine(count):
    return [number * 2 for number in range(count)]


print(mine(3))
run(2)
print(mine(4))
thread = threading.Thread(target=run, args=(1,))
thread.start()
thread.join()
print(mine(5))
