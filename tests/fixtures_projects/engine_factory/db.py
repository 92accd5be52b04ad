"""A factory that nobody caches, called for every request by its neighbour."""

from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine

from config import settings


def make_engine() -> AsyncEngine:
    return create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)


def make_sessions():
    return async_sessionmaker(make_engine(), expire_on_commit=False)
