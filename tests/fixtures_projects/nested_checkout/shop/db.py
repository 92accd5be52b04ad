from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
other = create_async_engine(settings.other, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
others = async_sessionmaker(other, expire_on_commit=False)


async def get_session():
    async with sessions() as session:
        yield session


@asynccontextmanager
async def session_scope():
    async with sessions() as session:
        yield session
