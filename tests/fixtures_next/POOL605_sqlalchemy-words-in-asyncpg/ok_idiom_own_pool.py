"""A pool that is rebound to its connection, and a create_pool of one's own class."""

import asyncpg


class Database:
    async def create_pool(self, **options: object) -> asyncpg.Pool:
        return await asyncpg.create_pool("postgresql://db/shop", **options)

    async def start(self) -> None:
        self.pool = await self.create_pool(min_size=1, max_size=5)

    async def count(self) -> int:
        async with self.pool.acquire() as pool:
            return await pool.fetchval("select count(*) from orders")


class Client:
    def create_pool(self, pool_size: int) -> list[int]:
        return list(range(pool_size))

    def start(self) -> None:
        self.pool = self.create_pool(pool_size=5)
