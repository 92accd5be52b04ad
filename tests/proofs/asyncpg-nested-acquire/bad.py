import asyncio

import asyncpg
import probe


async def count_items(pool):
    async with pool.acquire() as connection:
        await connection.execute("select name from items")
        async with pool.acquire() as other:
            return await other.fetchval("select count(*) from items")


async def proof():
    url = probe.URL.replace("+asyncpg", "")
    pool = await asyncpg.create_pool(url, min_size=2, max_size=2)
    counting = asyncio.gather(count_items(pool), count_items(pool))
    assert await asyncio.wait_for(counting, 3) == [1, 1]
