# Generators, coroutines and async generators that stand in the middle when the program ends.
import threading


def numbers():
    count = 0
    try:
        while True:
            yield count
            count += 1
    finally:
        print("closed at", count)


async def answer():
    await Forever()
    return 1


class Forever:
    def __await__(self):
        yield "waiting"


left = numbers()
result = [next(left), next(left)]
waiting = answer()
result.append(waiting.send(None))
inside = {"kept": numbers()}
next(inside["kept"])
started = threading.Event()


def endless():
    for number in numbers():
        if number > 3:
            started.set()
            threading.Event().wait()


threading.Thread(target=endless, daemon=True).start()
started.wait()
print("result:", result)
