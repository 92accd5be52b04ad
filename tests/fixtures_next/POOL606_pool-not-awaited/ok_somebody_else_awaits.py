import asyncio

import asyncpg

from shop.database import keep
from shop.settings import DSN

pool = asyncpg.create_pool(DSN)


def new_pool():
    return asyncpg.create_pool(DSN)


def handed_on() -> None:
    keep(asyncpg.create_pool(DSN))


async def all_of_them() -> list[asyncpg.Pool]:
    return await asyncio.gather(*[asyncpg.create_pool(DSN) for _ in range(2)])


async def two() -> list[asyncpg.Pool]:
    return list(await asyncio.gather(asyncpg.create_pool(DSN), asyncpg.create_pool(DSN)))


async def start() -> None:
    await pool


class Database:
    def __init__(self) -> None:
        self.pool = asyncpg.create_pool(DSN)

    async def __aenter__(self) -> "Database":
        await self.pool
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.pool.close()


class Lazy:
    def __init__(self) -> None:
        self.pool = asyncpg.create_pool(DSN)

    async def count(self) -> int:
        async with self.pool as pool:
            return await pool.fetchval("select count(*) from orders")
