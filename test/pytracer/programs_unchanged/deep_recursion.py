import sys
import threading


def down(level, path):
    if level == 0:
        return len(path)
    path.append(level)
    return down(level - 1, path)


def up(level):
    if level:
        yield from up(level - 1)
    yield level


sys.setrecursionlimit(30_000)
threading.stack_size(256 * 1024 * 1024)
thread = threading.Thread(target=lambda: print(down(1500, []), sum(up(100))))
thread.start()
thread.join()
print(down(500, []))
