import threading

# Only one thread runs lines at a time: a line that wakes the other one waits for it too.
log = []
done, ping, pong = threading.Lock(), threading.Lock(), threading.Lock()
done.acquire(), ping.acquire(), pong.acquire()


def worker(name, count):
    mine = []
    for i in range(count):
        log.append((name, i))
        mine.append(i)
    done.release()


def spawn(function, *args):
    threading.Thread(target=function, args=args, name="-".join((function.__name__, *map(str, args)))).start(); done.acquire()


spawn(worker, "one", 2)
spawn(worker, "two", 3)
shared = {"turn": 0}


def player():
    mine = shared
    done.release(); ping.acquire()
    for _ in range(2):
        mine["turn"] += 1
        pong.release(); ping.acquire()
    mine["over"] = [mine["turn"]]
    done.release()


spawn(player)
for _ in range(2):
    shared["turn"] *= 10
    ping.release(); pong.acquire()
    log.append(shared["turn"])
ping.release(); done.acquire()
