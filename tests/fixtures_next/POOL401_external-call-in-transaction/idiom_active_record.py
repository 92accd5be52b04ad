"""A model that saves itself with the session it is given."""

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shop.models import User


class Base(DeclarativeBase):
    async def save(self, session: AsyncSession) -> None:
        session.add(self)
        await session.flush()

    @classmethod
    async def first(cls, session: AsyncSession):
        return (await session.scalars(select(cls))).first()


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)


async def add(session: AsyncSession, client: httpx.AsyncClient) -> None:
    order = Order()
    await order.save(session)
    await client.post("https://hook.example", json={"id": order.id})  # POOL401


async def first(session: AsyncSession, client: httpx.AsyncClient) -> None:
    order = await Order.first(session)
    await client.post("https://hook.example", json={"id": order.id})  # POOL401


async def stranger(session: AsyncSession, client: httpx.AsyncClient) -> None:
    user = await User.create(session, name="a")
    await client.post("https://hook.example", json={"id": user.id})  # POOL401
