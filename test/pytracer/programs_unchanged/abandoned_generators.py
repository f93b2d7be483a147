# Generators and coroutines that nobody finishes: dropped in the middle, in other threads, in cycles.
import gc
import threading


def counting(name):
    number = 0
    try:
        while True:
            yield number
            number += 1
    finally:
        print("closed", name, number)


async def waiting():
    try:
        await Pause()
    finally:
        print("coroutine closed")


class Pause:
    def __await__(self):
        yield "paused"


def keep_in_cycle():
    holder = []
    generator = counting("cycle")
    next(generator)
    holder.append(holder)
    holder.append(generator)


def drop_elsewhere(box):
    next(box[0])
    box.clear()


for rounds in range(3):
    generator = counting(f"loop {rounds}")
    for value in generator:
        if value == rounds:
            break
    del generator
coroutine = waiting()
print(coroutine.send(None))
del coroutine
keep_in_cycle()
gc.collect()
box = [counting("thread")]
next(box[0])
thread = threading.Thread(target=drop_elsewhere, args=(box,))
thread.start()
thread.join()
frames = [counting("frame")]
next(frames[0])
frame = frames[0].gi_frame
frames.clear()
print(sorted(frame.f_locals) if frame.f_locals else [])
unstarted = counting("never")
del unstarted
print("end")
