import asyncpg

from shop.settings import DSN


async def names() -> list[str]:
    pool = asyncpg.create_pool(DSN)  # POOL606
    try:
        return [row["name"] for row in await pool.fetch("select name from orders")]
    finally:
        await pool.close()


async def count() -> int:
    pool = asyncpg.create_pool(  # POOL606
        DSN,
        min_size=1,
    )
    try:
        return await pool.fetchval("select count(*) from orders")
    finally:
        await pool.close()


async def at_once() -> int:
    return await asyncpg.create_pool(DSN).fetchval("select 1")  # POOL606
