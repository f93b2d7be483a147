class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


def scope():
    first = Noisy("first")
    second = Noisy("second")
    print("in scope")


scope()
print("after scope")
kept = Noisy("kept")
kept = None
print("after kept")
box = [Noisy("in a list")]
del box[0]
print("after the list")
last = Noisy("at the end")
