# What is awaited: coroutines of the program, of a library, objects; code of others runs while they are suspended.
import asyncio
from heapq import merge

box, log = [], {}


class Later:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        box.append(self.value)
        yield from asyncio.sleep(0).__await__()
        return [self.value]

    async def twice(self, n):
        self.value += n
        await asyncio.sleep(0)
        return (await self), n


async def inner(n):
    asyncio.get_running_loop().call_soon(box.append, n)
    asyncio.get_running_loop().call_soon(log.__setitem__, n, [n])
    await asyncio.sleep(0)
    return box


async def outer(n):
    got = await inner(n)
    got.append("got")
    first, second = await Later(n).twice(1)
    later = Later(n)
    first, second = await later.twice(2)
    inner_again = inner(n + 1)
    got = await inner_again
    got.append((await inner(n + 2))[-1])
    again = await later
    return [*again, *got[-2:], second]


async def replaced(n):
    global inner

    async def other(m):
        box.append(m)
        asyncio.get_running_loop().call_soon(box.append, -m)
        await asyncio.sleep(0)
        return box

    old, inner = inner, other
    got = await inner(n)
    got = await old(n)
    inner = old
    return len(got)


async def with_timeout(n):
    return await asyncio.wait_for(inner(n), 5)


def numbers(n):
    sent = yield n
    box.append(sent)
    yield from merge([n], [n + 1])
    lazy = map(box.append, [n, n + 1])
    yield from lazy
    return box


def delegating(n):
    got = yield from numbers(n)
    got.append(n)
    kept = numbers(n + 1)
    got = yield from kept
    log[n] = yield from [n, n + 1]


for n in range(2):
    asyncio.run(outer(n))
    asyncio.run(replaced(n))
    asyncio.run(with_timeout(n))
    generator = delegating(n)
    next(generator)
    generator.send("sent")
    print(list(generator))

print(box, sorted(log))
