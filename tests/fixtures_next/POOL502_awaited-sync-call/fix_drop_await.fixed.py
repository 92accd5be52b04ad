from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Order
from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)


async def add(session: AsyncSession, order: Order, really: bool) -> None:
    session.add(order)
    if really: session.expire_all()
    await session.commit()


async def orders(session: AsyncSession) -> list[Order]:
    result = await session.execute(select(Order))
    return result.scalars().all()


async def first(session: AsyncSession) -> Order | None:
    return (await session.scalars(select(Order))).first()


async def idle(session: AsyncSession) -> bool:
    return not session.in_transaction()


async def stop() -> None:
    engine.dispose()
