import asyncpg
import probe


async def count_items(pool: asyncpg.Pool):
    async with pool.acquire() as connection, connection.transaction():
        return [row["name"] async for row in connection.cursor("select name from items")]


async def proof():
    pool = await asyncpg.create_pool(f"postgresql://{probe.PLACE}", min_size=1, max_size=2)
    try:
        await count_items(pool)
    finally:
        pool.terminate()
