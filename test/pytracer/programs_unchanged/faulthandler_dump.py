# Tracebacks that are written from C, at once and by a watchdog thread.
import faulthandler
import os
import sys
import tempfile
import time

faulthandler.enable()
result = []


def inner():
    with tempfile.TemporaryFile("w+") as file:
        faulthandler.dump_traceback(file)
        file.seek(0)
        result.extend(line.rpartition(" ")[2].strip() for line in file if "faulthandler_dump" in line)


def outer():
    inner()


outer()
with tempfile.TemporaryFile("w+") as file:
    faulthandler.dump_traceback_later(0.05, file=file)
    # The watchdog is a thread that may have to wait for a processor.
    deadline = time.monotonic() + 20
    while os.fstat(file.fileno()).st_size == 0 and time.monotonic() < deadline:
        time.sleep(0.05)
    faulthandler.cancel_dump_traceback_later()
    file.seek(0)
    result.append("Timeout" in file.read())
sys.stdout.write(f"result: {result}\n")
