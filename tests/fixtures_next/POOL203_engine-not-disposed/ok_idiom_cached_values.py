"""Disposed by a loop over the cache, under another name; and by a finished-callback."""

import weakref

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shop.settings import settings

_engines: dict[str, AsyncEngine] = {}


async def connect() -> None:
    for name, url in settings.urls.items():
        _engines[name] = create_async_engine(url, pool_recycle=1800, pool_pre_ping=True)


async def disconnect() -> None:
    for engine in _engines.values():
        await engine.dispose()
    _engines.clear()


class Tenant:
    pass


def attach(tenant: Tenant, url: str) -> None:
    engine = create_async_engine(url, pool_recycle=1800, pool_pre_ping=True)
    tenant.engine = engine
    weakref.finalize(tenant, engine.sync_engine.dispose)
