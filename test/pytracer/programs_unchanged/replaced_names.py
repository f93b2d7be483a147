"""What the standard library gives is replaced for a while, as tests do with mocks."""

import atexit
import builtins
import gc
import io
import json
import os
import signal
import struct
import threading
import time
import types
import weakref
import zlib

called = []


class Fake:
    def __init__(self, name):
        self.name = name

    def __call__(self, *args, **kwargs):
        called.append(self.name)
        raise TypeError(self.name)


class Box:
    def __init__(self):
        self.items = []
        self.total = 0

    def add(self, number):
        self.items.append(number)
        self.total = self.total + number
        return self.total


def work():
    box = Box()
    other = {"k": [1]}
    number = 0
    while number < 300:
        box.add(number)
        other["k"].append(number)
        other["d"] = (number, box)
        number += 1
    return box


NEEDED = {"__import__", "BaseException", "Exception", "TypeError"}
MODULES = [builtins, os, time, gc, threading, weakref, zlib, struct, json, types, io, signal, atexit]
saved = []
for module in MODULES:
    names = vars(module)
    for name, value in list(names.items()):
        is_own = name.startswith("__") and name != "__build_class__"
        is_error = isinstance(value, type) and issubclass(value, BaseException)
        if callable(value) and not is_own and not is_error and name not in NEEDED:
            saved.append((names, name, value, Fake(f"{module.__name__}.{name}")))

for names, name, _, fake in saved:
    names[name] = fake
first = work()
second = work()
for names, name, value, _ in saved:
    names[name] = value

print(len(first.items), first.total, second.total, sorted(set(called)))
