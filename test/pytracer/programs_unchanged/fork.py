import os
import sys

print("before", flush=True)
pid = os.fork()
if pid == 0:
    print("child", flush=True)
    os._exit(3)
_, status = os.waitpid(pid, 0)
print("parent", status >> 8)
pid = os.fork()
if pid == 0:
    def work():
        for index in range(3):
            print("child", index)
    work()
    sys.exit(4)
_, status = os.waitpid(pid, 0)
print("parent", status >> 8)
