from collections.abc import AsyncIterator

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shop.database import get_session


async def first(session: AsyncSession) -> str | None:
    async for row in await session.stream(text("select name from users")):
        return row.name
    return None


async def unknown() -> int:
    async for session in get_session():
        return await session.scalar(text("select count(*) from orders"))
    return 0


async def names(pool: asyncpg.Pool) -> AsyncIterator[str]:
    async with pool.acquire() as connection, connection.transaction():
        async for row in connection.cursor("select name from users"):
            yield row["name"]


async def one(pool: asyncpg.Pool) -> str | None:
    async for name in names(pool):
        return name
    return None
