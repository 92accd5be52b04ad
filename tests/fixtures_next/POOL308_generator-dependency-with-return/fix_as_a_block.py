from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from shop.models import Order
from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)


async def get_session():
    async with sessions() as session:
        yield session
        await session.commit()


async def create(name: str) -> str:
    async for session in get_session():  # POOL308
        session.add(Order(name=name))
        return "created"


async def purge() -> None:
    async for session in get_session():  # POOL308
        await session.execute(text("delete from orders"))
        break


@asynccontextmanager
async def opened():
    async with sessions() as session:
        yield session
