from collections.abc import AsyncIterator, Iterator

from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
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


async def get_session() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


def count() -> int:
    db = next(get_db())  # POOL307
    return db.scalar(text("select count(*) from orders"))


async def count_async() -> int:
    session = await anext(get_session())  # POOL307
    return await session.scalar(text("select count(*) from orders"))


async def by_dunder() -> int:
    session = await get_session().__anext__()  # POOL307
    return await session.scalar(text("select count(*) from orders"))


def sync_dunder() -> int:
    db: Session = get_db().__next__()  # POOL307
    return db.scalar(text("select count(*) from orders"))
