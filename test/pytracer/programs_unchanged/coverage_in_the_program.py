# packages: coverage
# Coverage is measured by the program itself, with each of its cores that this Python has.
import os
import sys
import tempfile

import coverage


def work(count):
    total = 0
    for number in range(count):
        if number % 3:
            total += number
        else:
            total -= 1
    return total


def measure(core):
    os.environ["COVERAGE_CORE"] = core
    folder = tempfile.mkdtemp()
    cover = coverage.Coverage(data_file=os.path.join(folder, "data"), include=[__file__])
    cover.start()
    found = work(10)
    cover.stop()
    lines = sorted(cover.get_data().lines(os.path.abspath(__file__)) or ())
    return found, [line for line in lines if line < 20]


result = [measure("ctrace")[0]]
print("ctrace", measure("ctrace"))
if sys.version_info >= (3, 12):
    print("sysmon", measure("sysmon"))
result.append(work(5))
print("result:", result)
