from aiocache import cached
from async_lru import alru_cache
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shop.caching import cache
from shop.settings import settings


@alru_cache
async def get_engine() -> AsyncEngine:
    return create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)


@alru_cache(maxsize=1)
async def get_reader() -> AsyncEngine:
    return create_async_engine(settings.read_url, pool_recycle=1800, pool_pre_ping=True)


@cached()
async def get_writer() -> AsyncEngine:
    return create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)


@cache
async def get_archive() -> AsyncEngine:
    return create_async_engine(settings.archive_url, pool_recycle=1800, pool_pre_ping=True)
