import os
import signal

try:
    os.kill(os.getpid(), signal.SIGINT)
    for _ in range(1000):
        pass
except KeyboardInterrupt:
    print("caught once")
os.kill(os.getpid(), signal.SIGINT)
for _ in range(1000):
    pass
