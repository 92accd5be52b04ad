from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session


async def address_of(session: AsyncSession, order_id: int) -> str:
    return await session.scalar(
        text("select address from orders where id = :i"), {"i": order_id}
    )


async def find(order_id: int, *, session: AsyncSession) -> str:
    """Reads by way of its neighbour."""
    return await address_of(session, order_id)


def address_of_sync(db: Session, order_id: int) -> str:
    return db.scalar(text("select address from orders where id = :i"), {"i": order_id})


async def remember(session: AsyncSession, order_id: int) -> None:
    """Not a statement, only memory."""
    session.info["order"] = order_id


class Orders:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def address(self, order_id: int) -> str:
        return await address_of(self.session, order_id)
