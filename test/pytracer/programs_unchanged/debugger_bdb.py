# A debugger in the program follows a function line by line.
import bdb
import sys


class Follower(bdb.Bdb):
    def __init__(self):
        super().__init__()
        self.seen = []

    def user_line(self, frame):
        if frame.f_code.co_name == "work":
            self.seen.append(frame.f_lineno - frame.f_code.co_firstlineno)
        self.set_step()

    def user_return(self, frame, value):
        if frame.f_code.co_name == "work":
            self.seen.append(value)


def work(count):
    total = 0
    for number in range(count):
        total += number
    return total


follower = Follower()
follower.runcall(work, 3)
print(follower.seen, sys.gettrace() is None)
result = [*follower.seen]
result.append(work(4))
print("result:", result)
