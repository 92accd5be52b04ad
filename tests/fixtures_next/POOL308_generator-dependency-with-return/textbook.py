from collections.abc import AsyncIterator

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from shop.models import Order
from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)


async def get_session() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session
        await session.commit()


async def create(name: str) -> str:
    async for session in get_session():  # POOL308
        session.add(Order(name=name))
        return "created"
    return "no session"


async def rename(order_id: int, name: str) -> None:
    async for session in get_session():  # POOL308
        order = await session.get(Order, order_id)
        order.name = name
        break


async def rename_if_there(order_id: int, name: str) -> bool:
    async for session in get_session():  # POOL308
        order = await session.get(Order, order_id)
        if order is None:
            return False
        order.name = name
    return True


async def purge() -> None:
    async for session in get_session():  # POOL308
        try:
            await session.execute(text("delete from orders"))
            break
        except ValueError:
            await session.rollback()
