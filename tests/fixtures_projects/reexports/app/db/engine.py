import os

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

__all__ = ["engine", "make_engine"]


def make_engine() -> AsyncEngine:
    return create_async_engine(os.environ["URL"], pool_recycle=1800, pool_pre_ping=True)


engine = make_engine()
