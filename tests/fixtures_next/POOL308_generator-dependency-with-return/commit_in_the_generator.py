"""Committed in a try, and in its else; both stand behind the yield."""

from collections.abc import AsyncIterator, Iterator

from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from shop.models import Order
from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sync_engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
SessionLocal = sessionmaker(sync_engine)


async def get_session() -> AsyncIterator[AsyncSession]:
    session = sessions()
    try:
        yield session
        await session.commit()
    except Exception:
        await session.rollback()
        raise
    finally:
        await session.close()


def get_db() -> Iterator[Session]:
    with SessionLocal() as db:
        try:
            yield db
        except Exception:
            db.rollback()
            raise
        else:
            db.commit()


async def create(name: str) -> str:
    async for session in get_session():  # POOL308
        session.add(Order(name=name))
        return "created"
    return "no session"


def create_sync(name: str) -> str:
    for db in get_db():  # POOL308
        db.add(Order(name=name))
        return "created"
    return "no session"
