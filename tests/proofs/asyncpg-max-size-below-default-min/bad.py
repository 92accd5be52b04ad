import asyncpg
import probe


async def proof():
    dsn = probe.URL.replace("+asyncpg", "")
    async with asyncpg.create_pool(dsn, max_size=5) as pool:
        await pool.fetchval("select 1")
