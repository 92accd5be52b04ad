"""Nobody depends on it; its callers close what they get."""

from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sync_engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
SessionLocal = sessionmaker(sync_engine)


def new_session() -> Session:
    return SessionLocal()


def new_async_session() -> AsyncSession:
    return AsyncSession(engine, expire_on_commit=False)


def count() -> int:
    with new_session() as session:
        return session.scalar(text("select count(*) from orders"))


async def count_async() -> int:
    async with new_async_session() as session:
        return await session.scalar(text("select count(*) from orders"))
