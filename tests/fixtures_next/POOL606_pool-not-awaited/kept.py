from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI

from shop.settings import DSN


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    pool = asyncpg.create_pool(DSN)  # POOL606
    app.state.rows = await pool.fetch("select name from orders")
    try:
        yield
    finally:
        await pool.close()


class Database:
    async def open(self) -> None:
        self.pool = asyncpg.create_pool(DSN, min_size=1, max_size=5)  # POOL606

    async def count(self) -> int:
        async with self.pool.acquire() as connection:
            return await connection.fetchval("select count(*) from orders")

    async def close(self) -> None:
        await self.pool.close()


app = FastAPI(lifespan=lifespan)
