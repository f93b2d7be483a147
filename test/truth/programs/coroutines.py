import asyncio


async def child(name, delays, log):
    for delay in delays:
        await asyncio.sleep(0)
        log.append((name, delay))
    return name * 2


async def main():
    log = []
    first = await child("a", [1, 2], log)
    second, third = await asyncio.gather(child("b", [3], log), child("c", [4, 5], log))
    return first, second, third, log


result = asyncio.run(main())
