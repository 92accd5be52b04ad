from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from app import rates as rate_module
from app.rates import RateClient, blocking_rate, fetch_rate, patient, rate_of, rates


async def price(session: AsyncSession, order_id: int) -> float:
    async with session.begin():
        total = await session.scalar(text("select total from orders where id = 1"))
        return total * await fetch_rate("USD")  # POOL401


async def price_by_a_helper(session: AsyncSession) -> float:
    total = await session.scalar(text("select total from orders where id = 1"))
    rate = await rate_of("USD")  # POOL401
    return total * rate


async def price_by_module(session: AsyncSession) -> float:
    total = await session.scalar(text("select total from orders where id = 1"))
    return total * await rate_module.fetch_rate("USD")  # POOL401


async def price_by_client(session: AsyncSession) -> float:
    total = await session.scalar(text("select total from orders where id = 1"))
    return total * await rates.get("USD")  # POOL401


async def price_by_own_client(session: AsyncSession) -> float:
    client = RateClient()
    total = await session.scalar(text("select total from orders where id = 1"))
    return total * await client.get("USD")  # POOL401


async def first_the_rate(session: AsyncSession) -> float:
    async with session.begin():
        rate = await fetch_rate("USD")  # POOL402
        return rate * await session.scalar(text("select total from orders where id = 1"))


def price_sync(session: Session) -> float:
    total = session.scalar(text("select total from orders where id = 1"))
    return total * blocking_rate("USD")  # POOL401


async def stops_the_loop(session: AsyncSession) -> None:
    async with session.begin():
        await session.execute(text("select 1"))
        patient()  # POOL403


async def address(session: AsyncSession) -> str:
    await session.execute(text("select 1"))
    return rates.url("USD")


async def right(session: AsyncSession) -> float:
    async with session.begin():
        total = await session.scalar(text("select total from orders where id = 1"))
    return total * await fetch_rate("USD")
