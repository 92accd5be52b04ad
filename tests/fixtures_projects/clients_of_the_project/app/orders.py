from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.clients import Shipping, Writer, fetch, fetch_by, writer


async def a(session: AsyncSession, shipping: Shipping) -> None:
    await session.execute(text("select 1"))
    await shipping.label(1)  # POOL401


async def b(session: AsyncSession) -> None:
    await session.execute(text("select 1"))
    await writer.write("x")  # POOL401


async def c(session: AsyncSession) -> None:
    await session.execute(text("select 1"))
    await fetch("x")  # POOL401


async def d(session: AsyncSession, client) -> None:
    await session.execute(text("select 1"))
    await fetch_by(client, "x")  # POOL401


async def e(session: AsyncSession) -> None:
    own = Writer()
    await session.execute(text("select 1"))
    await own.write("x")  # POOL401


async def f(session: AsyncSession) -> None:
    await session.execute(text("select 1"))
    writer.name()


class Service:
    def __init__(self, session: AsyncSession, shipping: Shipping) -> None:
        self.session = session
        self.shipping = shipping
        self.writer = Writer()

    async def ship(self) -> None:
        await self.session.execute(text("select 1"))
        await self.shipping.label(1)  # POOL401

    async def tell(self) -> None:
        await self.session.execute(text("select 1"))
        await self.writer.write("x")  # POOL401
