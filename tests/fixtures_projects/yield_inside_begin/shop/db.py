from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)


async def get_session():
    async with sessions() as session:
        async with session.begin():
            yield session


async def get_plain():
    async with sessions() as session:
        yield session
