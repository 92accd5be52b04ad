"""A generator without async is closed the moment the loop is left, and it has nothing to save."""

from collections.abc import Iterator
from contextlib import asynccontextmanager

from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sync_engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
SessionLocal = sessionmaker(sync_engine)


def get_db() -> Iterator[Session]:
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


async def get_session():
    async with sessions() as session:
        yield session
        await session.commit()


def count() -> int:
    for db in get_db():
        return db.scalar(text("select count(*) from orders"))
    return 0


async def as_a_block() -> int:
    async with asynccontextmanager(get_session)() as session:
        return await session.scalar(text("select count(*) from orders"))
