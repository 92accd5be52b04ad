import asyncpg

from shop.settings import DSN


async def names() -> list[str]:
    pool = await asyncpg.create_pool(DSN)
    try:
        return [row["name"] for row in await pool.fetch("select name from orders")]
    finally:
        await pool.close()


async def count() -> int:
    pool = await asyncpg.create_pool(
        DSN,
        min_size=1,
    )
    try:
        return await pool.fetchval("select count(*) from orders")
    finally:
        await pool.close()


async def at_once() -> int:
    return await (await asyncpg.create_pool(DSN)).fetchval("select 1")
