import asyncio

import asyncpg
import probe


async def proof():
    async with asyncpg.create_pool(probe.URL.replace("+asyncpg", ""), min_size=2) as pool:
        await asyncio.gather(pool.fetchval("select 1"), pool.fetchval("select 2"))
