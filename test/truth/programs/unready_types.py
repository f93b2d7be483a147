# Objects whose types the interpreter has not made ready (3.9): awaitables of asynchronous generators. And proxies.
import asyncio
import weakref

log = []


async def numbers(items):
    for item in items:
        try:
            yield item
        finally:
            log.append(item)


async def main():
    async for item in numbers([1, 2, 3]):
        if item == 2:
            break
    agen = numbers([6, 7])
    first = agen.asend(None)
    await first
    held = [agen.aclose()]
    await held[0]


class Kept:
    def __init__(self):
        self.items = []


asyncio.run(main())
kept = Kept()
proxy = weakref.proxy(kept)
proxy.items.append(3)
proxy.name = "n"
del proxy.name
print(log, kept.items)
