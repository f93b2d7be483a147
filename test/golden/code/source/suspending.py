"""Generators, coroutines, comprehensions."""
import types


def generator_plain(n):
    received = None
    for i in range(n):
        received = yield i
        yield from (x for x in received or ())
    return received


@types.coroutine
def generator_awaitable():
    yield


async def coroutine_plain(items):
    async with items as entered:
        async for item in entered:
            await item
    values = [await value async for value in items if value]
    try:
        return {key: await value for key, value in values}
    finally:
        await items.close()


async def asyncgen_plain(n):
    for i in range(n):
        try:
            yield i
        except GeneratorExit:
            raise


def comprehensions(rows):
    flat = [cell for row in rows for cell in row if cell]
    unique = {cell: [other for other in flat if other != cell]
              for cell in flat}
    lazily = (lambda: unique[x] for x in flat)
    return {x for x in lazily}, sum(y * y for y in flat)


gen_expression = (z for z in "abc")
lambda_generator = lambda: (yield)
