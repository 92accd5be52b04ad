from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sync_engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
SessionLocal = sessionmaker(sync_engine)


async def users() -> list[str]:
    async with sessions as session:  # POOL312
        return list(await session.scalars(text("select name from users")))


def orders() -> list[str]:
    with SessionLocal as session:  # POOL312
        return list(session.scalars(text("select name from orders")))
