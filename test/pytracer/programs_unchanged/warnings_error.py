# options: -W error
import os

file = open(os.devnull)
file = None
print("goes on")
