import weakref


class Thing:
    pass


def gone(reference):
    print("gone")


thing = Thing()
reference = weakref.ref(thing, gone)
print(reference() is thing)
thing = None
print(reference())
values = weakref.WeakValueDictionary()
one = values["one"] = Thing()
print(len(values))
del one
print(len(values))
finalizer = weakref.finalize(Thing(), print, "finalized")
print(finalizer.alive)
