import asyncpg
import probe


async def proof():
    async with asyncpg.create_pool(f"postgresql+asyncpg://{probe.PLACE}", min_size=1) as pool:
        await pool.fetchval("select 1")
