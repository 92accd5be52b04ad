"""A sync session by way of a generator, next to async ones of the same name."""

from collections.abc import Iterator

from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, sessionmaker

from shop.models import Order
from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
SessionLocal = sessionmaker(engine)


def get_sync_db() -> Iterator[Session]:
    with SessionLocal() as db:
        yield db


async def save(db: AsyncSession, order: Order) -> None:
    db.add(order)
    await db.commit()


async def save_all(orders: list[Order]) -> None:
    for db in get_sync_db():
        db.add_all(orders)
        await db.commit()  # POOL502 POOL505
