from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)


async def get_session():
    async with sessions() as session:
        yield session
        await session.commit()  # POOL310


async def get_early():
    async with sessions() as session:
        yield session
        await session.commit()


async def get_in_block():
    async with sessions() as session:
        async with session.begin():  # POOL310
            yield session


async def for_scripts():
    async with sessions() as session:
        yield session
        await session.commit()
