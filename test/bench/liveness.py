"""Steps at full speed that know the time: `now` is the monotonic clock's milliseconds.

usage: liveness.py SECONDS
"""

import sys
import time


def work(seconds):
    end = time.monotonic() + seconds
    total = 0
    while True:
        now = time.monotonic() * 1000
        if now > end * 1000:
            return total
        for number in range(20):
            total += number
            if total > 1000:
                total -= 1000


work(float(sys.argv[1]))
