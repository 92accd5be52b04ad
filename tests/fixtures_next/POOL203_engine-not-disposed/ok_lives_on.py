"""Made here, kept by somebody else."""

import asyncpg
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine

from shop.plugins import register
from shop.settings import settings

module_engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
_lazy: AsyncEngine | None = None
_by_tenant: dict[str, AsyncEngine] = {}


def new_engine(url: str) -> AsyncEngine:
    engine = create_async_engine(url, pool_recycle=1800, pool_pre_ping=True)
    return engine


def new_sessions(url: str) -> async_sessionmaker:
    engine = create_async_engine(url, pool_recycle=1800, pool_pre_ping=True)
    return async_sessionmaker(engine, expire_on_commit=False)


def lazy() -> AsyncEngine:
    global _lazy
    if _lazy is None:
        _lazy = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
    return _lazy


def for_tenant(tenant: str) -> AsyncEngine:
    if tenant not in _by_tenant:
        engine = create_async_engine(
            f"{settings.url}_{tenant}", pool_recycle=1800, pool_pre_ping=True
        )
        _by_tenant[tenant] = engine
    return _by_tenant[tenant]


def handed_over() -> None:
    engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
    register(engine)


class Database:
    def __init__(self, url: str) -> None:
        self.engine = create_async_engine(url, pool_recycle=1800, pool_pre_ping=True)

    async def open(self, dsn: str) -> None:
        self.pool = await asyncpg.create_pool(dsn)

    async def close(self) -> None:
        await self.pool.close()
        await self.engine.dispose()
