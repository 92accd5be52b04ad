from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from shop.models import Order


async def orders(session: AsyncSession) -> list[Order]:
    result = await session.execute(select(Order))
    return (await result.scalars()).all()  # POOL502


async def one(session: AsyncSession) -> Order:
    result = await session.execute(select(Order).where(Order.id == 1))
    return await result.scalar_one()  # POOL502


async def first(session: AsyncSession) -> Order | None:
    return await (await session.scalars(select(Order))).first()  # POOL502


async def rows(connection: AsyncConnection) -> list:
    result = await connection.execute(select(Order.name))
    return await result.fetchall()  # POOL502
