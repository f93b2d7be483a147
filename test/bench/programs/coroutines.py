"""asyncio: producers and consumers with queues, events and timeouts of zero."""

import asyncio

SIZE = 14000


async def produce(queue, name, count):
    for number in range(count):
        await queue.put((name, number))
        if number % 5 == 0:
            await asyncio.sleep(0)
    await queue.put(None)


async def transform(value):
    name, number = value
    await asyncio.sleep(0)
    square = number * number
    return name, square


async def consume(queue, results, done):
    while True:
        value = await queue.get()
        if value is None:
            done.append(True)
            return
        name, square = await transform(value)
        results[name] = results.get(name, 0) + square


async def run(size):
    results = {}
    done = []
    tasks = []
    for number in range(4):
        queue = asyncio.Queue(maxsize=10)
        tasks.append(asyncio.ensure_future(produce(queue, f"line {number}", size)))
        tasks.append(asyncio.ensure_future(consume(queue, results, done)))
    await asyncio.gather(*tasks)
    return sorted(results.items()), len(done)


def main(size):
    return asyncio.run(run(size))
