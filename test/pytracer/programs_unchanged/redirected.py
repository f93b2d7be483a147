import contextlib
import io
import sys

text = io.StringIO()
with contextlib.redirect_stdout(text):
    print("inside")
print(repr(text.getvalue()))
old, sys.stdout = sys.stdout, io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", line_buffering=True)
print("wrapped")
sys.stdout.flush()
sys.stdout.detach()
sys.stdout = old
print("back")
writer = sys.stdout.write
writer("bound\n")
sys.stdout.writelines(["one\n", "two\n"])
print(sys.stdout.write("count\n"))
try:
    sys.stdout.write(5)
except TypeError as error:
    print(error)
