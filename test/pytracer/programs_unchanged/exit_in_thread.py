import sys
import threading


def run():
    print("thread")
    sys.exit(5)


thread = threading.Thread(target=run)
thread.start()
thread.join()
print("main goes on")
