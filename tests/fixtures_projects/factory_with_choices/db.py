"""Factories that make one engine or another, and are called by handlers of another file."""

import os
from functools import lru_cache

from sqlalchemy import NullPool
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

URL = os.environ["DATABASE_URL"]


def engine_for_the_stage() -> AsyncEngine:
    if os.environ.get("STAGE") == "development":
        return create_async_engine(URL, pool_recycle=1800, pool_pre_ping=True, pool_size=1)
    return create_async_engine(URL, pool_recycle=1800, pool_pre_ping=True, pool_size=20)


def engine_for_the_process() -> AsyncEngine:
    if os.environ.get("CELERY_WORKER"):
        return create_async_engine(URL, poolclass=NullPool)
    return _shared_engine()


@lru_cache
def _shared_engine() -> AsyncEngine:
    return create_async_engine(URL, pool_recycle=1800, pool_pre_ping=True)
