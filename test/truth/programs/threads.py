import threading

log = []
lock = threading.Lock()


def worker(name, count):
    mine = []
    for i in range(count):
        with lock:
            log.append((name, i))
        mine.append(i)
    return mine


for name in ("one", "two"):
    thread = threading.Thread(target=worker, args=(name, 2), name="worker-" + name)
    thread.start()
    thread.join()

ping, pong = threading.Event(), threading.Event()
shared = {"turn": 0}


def player():
    for _ in range(2):
        ping.wait()
        ping.clear()
        shared["turn"] += 1
        pong.set()


t = threading.Thread(target=player, name="player")
t.start()
for _ in range(2):
    shared["turn"] *= 10
    ping.set()
    pong.wait()
    pong.clear()
t.join()
