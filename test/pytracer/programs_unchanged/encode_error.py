# env: PYTHONIOENCODING=ascii:strict
import sys

print("before")
try:
    print("caf\u00e9")
except UnicodeEncodeError as error:
    print(error.reason)
print("after")
