import asyncpg
import probe


async def count_items():
    pool = await asyncpg.create_pool(f"postgresql://{probe.PLACE}", min_size=2, max_size=5)
    return await pool.fetchval("select count(*) from items")


async def proof():
    for _ in range(5):
        await count_items()
    if left := await probe.connections_left():
        raise probe.Unhealthy(f"connections that nobody closed: {left}")
