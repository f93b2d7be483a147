import threading
import time

started = threading.Event()


def forever():
    started.set()
    while True:
        time.sleep(0.001)


thread = threading.Thread(target=forever, daemon=True)
thread.start()
started.wait()
print("main ends", thread.daemon, thread.is_alive())
