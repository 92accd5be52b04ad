import asyncpg
import probe


async def proof():
    async with asyncpg.create_pool(f"postgresql://{probe.PLACE}", pool_size=5) as pool:
        await pool.fetchval("select 1")
