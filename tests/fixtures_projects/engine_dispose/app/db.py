import os

from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

async_engine = create_async_engine(os.environ["URL"], pool_recycle=1800, pool_pre_ping=True)
engine = create_engine(os.environ["SYNC_URL"], pool_recycle=1800, pool_pre_ping=True)
_lazy: AsyncEngine | None = None


def get_engine() -> AsyncEngine:
    global _lazy
    if _lazy is None:
        _lazy = create_async_engine(os.environ["URL"], pool_recycle=1800, pool_pre_ping=True)
    return _lazy


class Database:
    def __init__(self) -> None:
        self.engine = async_engine

    async def close(self) -> None:
        await self.engine.dispose()


database = Database()
