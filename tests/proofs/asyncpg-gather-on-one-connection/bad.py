import asyncio

import asyncpg
import probe


async def proof():
    async with asyncpg.create_pool(probe.URL.replace("+asyncpg", ""), min_size=2) as pool:
        async with pool.acquire() as connection:
            await asyncio.gather(connection.fetchval("select 1"), connection.fetchval("select 2"))
