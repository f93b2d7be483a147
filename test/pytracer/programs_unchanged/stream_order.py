import os
import sys

print("text layer")
sys.stdout.buffer.write(b"buffer layer\n")
os.write(1, b"descriptor\n")
print("x" * 5000)
os.write(1, b"descriptor\n")
for number in range(3000):
    print(number, end=" ")
    if number % 500 == 0:
        os.write(1, b"descriptor\n")
print("flushed", flush=True)
os.write(1, b"descriptor\n")
print("err", file=sys.stderr)
os.write(2, b"descriptor\n")
print("no newline", end="")
