import sys

from . import sub

print(__name__, __package__, sys.argv[1:], sub.VALUE)
sys.exit(sub.VALUE)
