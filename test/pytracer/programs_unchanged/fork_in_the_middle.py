# needs: 3.9
# Forks inside calls, loops and generators, while other threads run; children leave in several ways.
import os
import sys
import threading
import warnings

warnings.simplefilter("ignore")
stop = threading.Event()


def busy():
    items = []
    while not stop.is_set():
        items.append(len(items))
        if len(items) > 100:
            items.clear()


def child(number):
    table = {}
    for step in range(200):
        table[step % 10] = [step]
    return len(table) + number


def numbers():
    for number in range(3):
        pid = os.fork()
        if pid == 0:
            os._exit(child(number))
        yield pid


def forked(number):
    pid = os.fork()
    if pid:
        return os.waitpid(pid, 0)[1] >> 8
    if number == 0:
        sys.exit(child(1))
    os._exit(child(2))


thread = threading.Thread(target=busy)
thread.start()
for pid in numbers():
    print(os.waitpid(pid, 0)[1] >> 8, flush=True)
stop.set()
thread.join()
print([forked(number) for number in range(2)], flush=True)
