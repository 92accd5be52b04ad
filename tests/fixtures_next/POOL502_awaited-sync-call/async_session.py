from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from shop.models import Order
from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)


async def add(session: AsyncSession, orders: list[Order]) -> None:
    await session.add(orders[0])  # POOL502
    await session.add_all(orders[1:])  # POOL502
    await session.commit()


async def forget(order: Order) -> None:
    async with sessions() as session:
        await session.expunge(order)  # POOL502
        await session.expunge_all()  # POOL502
        await session.expire(order)  # POOL502
        await session.expire_all()  # POOL502


async def idle(session: AsyncSession) -> bool:
    return not await session.in_transaction()  # POOL502


async def changed(session: AsyncSession) -> bool:
    order = (await session.scalars(select(Order))).first()
    return await session.is_modified(order)  # POOL502
