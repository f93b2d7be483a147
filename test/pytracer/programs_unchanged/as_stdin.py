# as: stdin
import sys

print(__name__, sys.argv, sys.path[0] == "")
for i in range(3):
    print(i)
raise KeyError
