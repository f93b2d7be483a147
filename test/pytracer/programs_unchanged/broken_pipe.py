import os
import sys

read, write = os.pipe()
os.close(read)
os.dup2(write, 1)
try:
    print("x" * 100000)
except BrokenPipeError as error:
    print(error, file=sys.stderr)
    import traceback

    traceback.print_exc()
print("lost at the end")
