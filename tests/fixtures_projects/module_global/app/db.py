"""Empty until somebody connects."""

import os

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine

engine: AsyncEngine | None = None
sessions = None
pool = None


async def connect() -> None:
    global engine, sessions, pool
    engine = create_async_engine(os.environ["URL"], pool_recycle=1800, pool_pre_ping=True)
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    pool = await asyncpg.create_pool(os.environ["DSN"])


async def disconnect() -> None:
    await engine.dispose()
    await pool.close()
