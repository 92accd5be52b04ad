import asyncpg
import probe


async def proof():
    async with asyncpg.create_pool(f"postgresql://{probe.PLACE}", min_size=1, max_size=5) as pool:
        await pool.fetchval("select 1")
