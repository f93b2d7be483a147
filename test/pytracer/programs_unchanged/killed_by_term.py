import os
import signal
import sys

print("going", flush=True)
os.kill(os.getpid(), signal.SIGTERM)
