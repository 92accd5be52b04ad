import asyncpg
from asyncpg import create_pool

from shop.settings import DSN


async def count() -> int:
    pool = asyncpg.create_pool(DSN)  # POOL606
    try:
        async with pool.acquire() as connection:
            return await connection.fetchval("select count(*) from orders")
    finally:
        await pool.close()


async def names() -> list[str]:
    pool = create_pool(DSN, min_size=1)  # POOL606
    try:
        return [row["name"] for row in await pool.fetch("select name from orders")]
    finally:
        await pool.close()


async def at_once() -> int:
    return await asyncpg.create_pool(DSN).fetchval("select 1")  # POOL606


async def thrown_away() -> None:
    asyncpg.create_pool(DSN)  # POOL606
