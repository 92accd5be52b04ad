from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)


async def users() -> list[str]:
    async with sessions() as session:
        return list(await session.scalars(text("select name from users")))


async def purge(session: AsyncSession, really: bool) -> None:
    if really:
        async with session.begin():
            await session.execute(text("delete from orders"))
