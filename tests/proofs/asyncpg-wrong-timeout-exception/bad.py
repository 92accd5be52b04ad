import asyncio

import asyncpg
import probe


class Busy(Exception):
    pass


async def count_items(pool: asyncpg.Pool):
    try:
        async with pool.acquire(timeout=0.3) as connection:
            return await connection.fetchval("select count(*) from items")
    except asyncpg.TooManyConnectionsError:
        raise Busy from None


async def proof():
    pool = await asyncpg.create_pool(f"postgresql://{probe.PLACE}", min_size=1, max_size=1)
    slow = asyncio.create_task(pool.execute("select pg_sleep(2)"))
    await asyncio.sleep(0.1)
    try:
        await count_items(pool)
    except Busy:
        await slow
