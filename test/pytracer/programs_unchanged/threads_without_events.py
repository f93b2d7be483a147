# Threads below `threading`.
import _thread
import time

result = []
done = _thread.allocate_lock()
done.acquire()


def work(count):
    for number in range(count):
        result.append(number)
    done.release()


_thread.start_new_thread(work, (3,))
done.acquire()
time.sleep(0.05)
result.append("end")
print("result:", result)
