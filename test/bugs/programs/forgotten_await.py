"""A coroutine is compared instead of its result."""

import asyncio


async def limit():
    return 10


async def allowed(amount):
    maximum = limit()
    return amount < 100 if maximum else amount < 10


async def main():
    result = await allowed(50)
    return result


answer = asyncio.run(main())
assert answer is False, answer
