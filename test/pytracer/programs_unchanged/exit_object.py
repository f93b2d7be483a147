import sys


class Reason:
    def __str__(self):
        print("__str__ runs")
        return "an object"


def leave():
    try:
        sys.exit(Reason())
    finally:
        print("finally")


leave()
