from functools import cached_property, lru_cache

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


class Database:
    def __init__(self, url: str) -> None:
        self.url = url

    @cached_property  # POOL208
    async def engine(self) -> AsyncEngine:
        return create_async_engine(self.url, pool_recycle=1800, pool_pre_ping=True)

    @staticmethod
    @lru_cache  # POOL208
    async def of(url: str) -> AsyncEngine:
        return create_async_engine(url, pool_recycle=1800, pool_pre_ping=True)
