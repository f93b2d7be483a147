"""What is recorded, and what is lost? A small program whose every step is known.

usage: probe.py ROUNDS END
    END  what happens in the middle of the rounds: "none"; "exit": os._exit; "kill": SIGKILL; "wait":
         says so, and waits until standard input is closed

The comments "round", "before" and "after" name the lines that are looked at.
"""

import os
import signal
import sys


class Box:
    def __init__(self, name):
        self.name = name


def change(basket, big, box):
    basket.append(7003)
    big[1500] = -1
    box.name = "second"


def interrupt(end):
    if end == "exit":
        os._exit(3)
    if end == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if end == "wait":
        print("waiting", flush=True)
        sys.stdin.read()


def loop(rounds, end):
    total = 0
    for number in range(rounds):
        doubled = number * 2
        total += doubled  # round
        if number == rounds // 2:
            interrupt(end)
    return total


def main(rounds, end):
    basket = [7001, 7002]
    alias = basket
    twin = [7001, 7002]
    big = list(range(2000))
    box = Box("first")
    change(basket, big, box)  # before
    held = len(alias) + len(twin)  # after
    return loop(rounds, end) + held


print(main(int(sys.argv[1]), sys.argv[2]))
