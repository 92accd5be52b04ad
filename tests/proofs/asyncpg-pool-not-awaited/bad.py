import asyncpg
import probe


async def proof():
    pool = asyncpg.create_pool(f"postgresql://{probe.PLACE}", min_size=1)
    try:
        async with pool.acquire() as connection:
            await connection.fetchval("select 1")
    finally:
        await pool.close()
