from collections.abc import AsyncGenerator

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)


async def get_session() -> AsyncGenerator[AsyncSession, None]:
    async with sessions() as session:
        yield session
        await session.commit()


async def save(name: str) -> None:
    session = await anext(get_session(), None)  # POOL307
    if session:
        await session.execute(text("insert into users (name) values (:n)"), {"n": name})
        await session.commit()
