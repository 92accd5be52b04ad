from collections.abc import AsyncIterator

from sqlalchemy import select
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
    async for session in get_session():
        session.add(Order(name=name))
    return "created"


async def close_all() -> int:
    closed = 0
    async for session in get_session():
        for order in await session.scalars(select(Order)):
            if not order.open:
                break
            order.open = False
            closed += 1
    return closed


async def with_a_function() -> None:
    async for session in get_session():

        def name_of(order: Order) -> str:
            return order.name

        session.info["name_of"] = name_of


async def rest_of_it(name: str) -> None:
    async for session in get_session():
        if not name:
            continue
        session.add(Order(name=name))
