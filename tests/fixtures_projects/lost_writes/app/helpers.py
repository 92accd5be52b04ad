from sqlalchemy import insert, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Order

REMOVE = text("DELETE FROM orders")


def place(connection: Connection, name: str) -> None:
    connection.execute(insert(Order).values(name=name))


def place_and_commit(connection: Connection, name: str) -> None:
    place(connection, name)
    connection.commit()


async def remember(session: AsyncSession, name: str) -> Order:
    order = Order(name=name)
    session.add(order)
    await session.flush()
    return order


async def save(session: AsyncSession, name: str) -> None:
    await remember(session, name)
    await session.commit()
