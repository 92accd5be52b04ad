from functools import lru_cache

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)


@lru_cache
async def count() -> int:
    """Just as wrong, and no business of a linter for pools."""
    async with engine.connect() as connection:
        return await connection.scalar(text("select count(*) from orders"))
