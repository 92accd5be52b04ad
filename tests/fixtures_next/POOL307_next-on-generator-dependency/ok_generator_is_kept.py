from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager

from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sync_engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
SessionLocal = sessionmaker(sync_engine)


def get_db() -> Iterator[Session]:
    with SessionLocal() as db:
        yield db


async def get_session() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


def kept() -> int:
    generator = get_db()
    db = next(generator)
    try:
        return db.scalar(text("select count(*) from orders"))
    finally:
        generator.close()


async def kept_and_closed() -> int:
    async with aclosing(get_session()) as generator:
        session = await anext(generator)
        return await session.scalar(text("select count(*) from orders"))


def as_a_block() -> int:
    with contextmanager(get_db)() as db:
        return db.scalar(text("select count(*) from orders"))


async def as_an_async_block() -> int:
    async with asynccontextmanager(get_session)() as session:
        return await session.scalar(text("select count(*) from orders"))
