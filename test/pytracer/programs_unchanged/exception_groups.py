# needs: 3.11
def fail():
    raise ExceptionGroup("group", [ValueError(1), TypeError("two")])


try:
    fail()
except* ValueError as group:
    print(group.exceptions)
except* TypeError as group:
    print("type", group.exceptions)
fail()
