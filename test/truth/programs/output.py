import sys


def say(what):
    print("say", what)
    return len(what)


n = say("hello")
print("no newline", end="")
print(file=sys.stderr)
sys.stdout.write("written\n")
for i in range(2):
    print(i, n, sep=",")
