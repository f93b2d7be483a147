import asyncio


class Managed:
    def __init__(self):
        self.events = []

    async def __aenter__(self):
        self.events.append("enter")
        return self

    async def __aexit__(self, *exc):
        self.events.append("exit")


async def ticks(n):
    try:
        for i in range(n):
            await asyncio.sleep(0)
            yield i
    finally:
        done = "ticks closed"


async def main():
    managed = Managed()
    async with managed as m:
        total = 0
        async for tick in ticks(3):
            total += tick
        squares = [t * t async for t in ticks(2)]
    source = ticks(5)
    first = await source.__anext__()
    await source.aclose()
    return total, squares, first, m.events


result = asyncio.run(main())
