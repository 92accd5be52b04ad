import asyncpg
import probe


async def count_items(pool: asyncpg.Pool):
    async with pool.acquire(timeout=0.5) as connection:
        return await connection.fetchval("select count(*) from items")


async def proof():
    pool = await asyncpg.create_pool(f"postgresql://{probe.PLACE}", min_size=1, max_size=2)
    try:
        for _ in range(3):
            await count_items(pool)
    finally:
        pool.terminate()
