import asyncio

import asyncpg
import probe


async def count_items(pool: asyncpg.Pool):
    try:
        async with pool.acquire() as connection:
            return await connection.fetchval("select count(*) from items")
    except asyncio.TimeoutError:
        return None


async def proof():
    pool = await asyncpg.create_pool(f"postgresql://{probe.PLACE}", min_size=1, max_size=1)
    slow = asyncio.create_task(pool.execute("select pg_sleep(3)"))
    await asyncio.sleep(0.1)
    try:
        await asyncio.wait_for(count_items(pool), 1.5)
    except asyncio.TimeoutError:
        raise probe.Unhealthy("still waiting for a connection") from None
    finally:
        slow.cancel()
        pool.terminate()
