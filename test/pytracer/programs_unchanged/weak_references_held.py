import weakref


class Res:
    pass


def scope(log):
    inner = Res()
    ref = weakref.ref(inner, lambda r: log.append("ref"))
    proxy = weakref.proxy(inner, lambda r: log.append("proxy"))
    more = [inner]
    log.append(ref() is more[0])


def kept(log):
    ref = weakref.ref(Res(), lambda r: log.append("never"))
    inner = Res()
    ref = weakref.ref(inner, lambda r: log.append("ref"))
    inner = None
    log.append(ref())
    inner = Res()
    one = weakref.ref(inner, lambda r: log.append("one"))
    two = weakref.ref(inner, lambda r: log.append("two"))
    del one
    del inner
    cache = weakref.WeakValueDictionary()
    cache["a"] = inner = Res()
    del inner
    log.append(len(cache.data))


log = []
scope(log)
kept(log)
print(log)
