from functools import cache, cached_property, lru_cache

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shop.settings import settings


@lru_cache
def get_engine() -> AsyncEngine:
    return create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)


@cache
def get_reader() -> AsyncEngine:
    return create_async_engine(settings.read_url, pool_recycle=1800, pool_pre_ping=True)


class Database:
    @cached_property
    def engine(self) -> AsyncEngine:
        return create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
