import functools
from functools import cache, lru_cache

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shop.settings import settings


@lru_cache  # POOL208
async def get_engine() -> AsyncEngine:
    return create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)


@lru_cache(maxsize=1)  # POOL208
async def get_pool() -> asyncpg.Pool:
    return await asyncpg.create_pool(settings.dsn)


@cache  # POOL208
async def get_reader() -> AsyncEngine:
    engine = create_async_engine(settings.read_url, pool_recycle=1800, pool_pre_ping=True)
    return engine


@functools.cache  # POOL208
async def for_tenant(tenant: str) -> AsyncEngine:
    url = f"{settings.url}_{tenant}"
    return create_async_engine(url, pool_recycle=1800, pool_pre_ping=True)
