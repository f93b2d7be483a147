"""Two threads read, wait, and write: one update is lost."""

import threading

balance = 0
both_have_read = threading.Barrier(2)


def deposit(amount):
    global balance
    seen = balance
    both_have_read.wait()
    balance = seen + amount


threads = [threading.Thread(target=deposit, args=(amount,), name=f"deposit-{amount}") for amount in (5, 7)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert balance == 12, balance
