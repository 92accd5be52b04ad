from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from shop.models import Order


async def everything(session: AsyncSession, order: Order) -> None:
    await session.begin()
    session.add(order)
    savepoint = await session.begin_nested()
    await session.flush()
    await session.refresh(order)
    await savepoint.rollback()
    await session.delete(order)
    await session.commit()
    connection = await session.connection()
    await connection.execute(text("select 1"))
    await session.close()


async def streamed(session: AsyncSession) -> list[Order]:
    result = await session.stream_scalars(select(Order))
    return await result.all()


async def streamed_rows(connection: AsyncConnection) -> list[str]:
    result = await connection.stream(select(Order.name))
    first = await result.fetchone()
    return [first.name, *[row.name async for row in result.scalars()]]


async def by_hand(engine: AsyncEngine) -> None:
    connection = await engine.connect()
    transaction = await connection.begin()
    await transaction.commit()
    await connection.close()
    await engine.dispose()
