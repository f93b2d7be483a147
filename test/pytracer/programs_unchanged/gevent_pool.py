# packages: gevent greenlet
# Greenlets of gevent wait for each other on one thread.
import gevent
from gevent.event import Event
from gevent.pool import Pool

result = []
ready = Event()


def waiter(number):
    ready.wait()
    for step in range(2):
        result.append((number, step))
        gevent.sleep(0)
    return number * 10


def opener():
    result.append("open")
    ready.set()


jobs = [gevent.spawn(waiter, number) for number in range(3)]
gevent.spawn(opener)
gevent.joinall(jobs)
print([job.value for job in jobs])
pool = Pool(2)
print(sorted(pool.imap_unordered(lambda n: n + 1, range(4))))
print("result:", result)
