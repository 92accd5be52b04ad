from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from app.cache import get_client, get_redis, sync_redis


async def publish(session: AsyncSession) -> None:
    async with session.begin():
        names = list(await session.scalars(text("select name from orders")))
        await get_redis().publish("orders", str(names))  # POOL401


async def kept(session: AsyncSession) -> None:
    client = get_redis()
    total = await session.scalar(text("select sum(total) from orders"))
    await client.set("total", total)  # POOL401


async def by_a_coroutine(session: AsyncSession) -> None:
    client = await get_client()
    total = await session.scalar(text("select sum(total) from orders"))
    await client.set("total", total)  # POOL401


def sync(session: Session) -> None:
    cache = sync_redis()
    total = session.scalar(text("select sum(total) from orders"))
    cache.set("total", total)  # POOL401


async def right(session: AsyncSession) -> None:
    async with session.begin():
        total = await session.scalar(text("select sum(total) from orders"))
    await get_redis().set("total", total)
