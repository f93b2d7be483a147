# Threads of which the program has no frame below its coroutines and callbacks.
import asyncio
from concurrent.futures import ThreadPoolExecutor

box, log = [], {}


async def inner(n):
    asyncio.get_running_loop().call_soon(box.append, n)
    asyncio.get_running_loop().call_soon(log.__setitem__, n, [n])
    asyncio.get_running_loop().call_soon(called_back, n)
    await asyncio.sleep(0)
    return box


async def outer(n):
    got = await inner(n)
    got.append("got")
    got.append((await inner(n + 1))[-1])
    return got[-2:]


def called_back(n):
    box.append(n)
    return len(box)


for n in range(2):
    ThreadPoolExecutor(1).submit(asyncio.run, outer(n)).result()
    ThreadPoolExecutor(1).submit(called_back, n).result()
print(box, sorted(log))
