"""Functions of the project that bear the names of others."""

import arq
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.ext.asyncio import create_async_engine as _create_async_engine


def create_async_engine(url: str, **options: object) -> AsyncEngine:
    return _create_async_engine(url, pool_recycle=1800, pool_pre_ping=True, **options)


async def create_pool():
    return await arq.create_pool()


def create_engine(kind: str) -> list[str]:
    """A search engine."""
    return [kind]
