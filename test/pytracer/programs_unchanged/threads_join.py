import threading

results = []
lock = threading.Lock()


def work(number):
    total = 0
    for index in range(200):
        total += index * number
    with lock:
        results.append(total)


threads = [threading.Thread(target=work, args=(number,), name=f"w{number}") for number in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(results), threading.active_count(), [t.name for t in threads])


def fails():
    raise KeyError("in a thread")


failing = threading.Thread(target=fails, name="failing")
failing.start()
failing.join()
