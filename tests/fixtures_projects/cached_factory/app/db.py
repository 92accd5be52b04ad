from functools import lru_cache

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.config import settings

_engine: AsyncEngine | None = None
_by_tenant: dict[str, AsyncEngine] = {}


@lru_cache
def get_engine() -> AsyncEngine:
    return create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)


def lazy_engine() -> AsyncEngine:
    global _engine
    if _engine is None:
        _engine = _new_engine(settings.url)
    return _engine


def engine_of(tenant: str) -> AsyncEngine:
    try:
        return _by_tenant[tenant]
    except KeyError:
        return _by_tenant.setdefault(tenant, _new_engine(f"{settings.url}_{tenant}"))


def _new_engine(url: str) -> AsyncEngine:
    return create_async_engine(url, pool_recycle=1800, pool_pre_ping=True)


class Database:
    def __init__(self, url: str) -> None:
        self.engine = create_async_engine(url, pool_recycle=1800, pool_pre_ping=True)


@lru_cache(maxsize=1)
def get_database() -> Database:
    """The cache is on the owner's getter, not on what makes the engine."""
    return Database(settings.url)
