# options: -u
import os
import sys

print("a", end="")
os.write(1, b"b")
print("c", "d")
sys.stdout.buffer.write(b"e")
os.write(1, b"f\n")
print(type(sys.stdout.buffer).__name__, sys.stdout.write_through)
