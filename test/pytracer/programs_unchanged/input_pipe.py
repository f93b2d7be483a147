# stdin: Ada\nLovelace\n
import sys

name = input("name? ")
print("hello", name)
print(repr(sys.stdin.read()))
try:
    input("more? ")
except EOFError as error:
    print("EOF", error)
