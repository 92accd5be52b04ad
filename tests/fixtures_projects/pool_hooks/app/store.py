import asyncpg

from app import hooks
from app.hooks import prepare, register


class Store:
    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.pool: asyncpg.Pool | None = None

    async def open(self) -> None:
        self.pool = await asyncpg.create_pool(self.dsn, init=prepare)  # POOL609

    async def reopen(self) -> None:
        self.pool = await asyncpg.create_pool(self.dsn, init=hooks.prepare)  # POOL609

    async def open_for_reading(self) -> None:
        self.pool = await asyncpg.create_pool(self.dsn, init=register)

    async def close(self) -> None:
        if self.pool is not None:
            await self.pool.close()

    async def take(self) -> asyncpg.Connection:
        return await self.pool.acquire(timeout=5)

    def limit(self) -> int:
        return self.pool.get_max_size()
