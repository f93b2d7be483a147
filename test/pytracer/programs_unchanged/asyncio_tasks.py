import asyncio


async def produce(queue):
    for item in range(3):
        await queue.put(item)
        await asyncio.sleep(0)
    await queue.put(None)


async def agen():
    try:
        yield 1
        yield 2
    finally:
        print("agen closed")


async def main():
    queue = asyncio.Queue(1)
    task = asyncio.ensure_future(produce(queue))
    while True:
        item = await queue.get()
        if item is None:
            break
        print(item)
    await task
    async for value in agen():
        print("agen", value)
        break
    try:
        await asyncio.wait_for(asyncio.sleep(5), 0.01)
    except asyncio.TimeoutError:
        print("timeout")
    results = await asyncio.gather(asyncio.sleep(0, "a"), fail(), return_exceptions=True)
    print(results)


async def fail():
    raise KeyError("task")


asyncio.run(main())
