import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_async_engine(os.environ["URL"], pool_recycle=1800, pool_pre_ping=True)
sync_engine = create_engine(os.environ["SYNC_URL"], pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
SessionLocal = sessionmaker(sync_engine)


async def get_session() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session
        await session.commit()  # POOL310


def get_db() -> Iterator[Session]:
    with SessionLocal() as db:
        yield db


as_a_block = asynccontextmanager(get_session)
