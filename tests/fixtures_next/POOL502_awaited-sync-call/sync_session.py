"""Every await here is a TypeError; that the session is sync at all is said once a function."""

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from shop.models import Order
from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
SessionLocal = sessionmaker(engine)


async def save(db: Session, order: Order) -> None:
    db.add(order)
    await db.commit()  # POOL502 POOL505
    await db.refresh(order)  # POOL502


async def purge() -> None:
    with SessionLocal() as session:  # POOL505
        await session.execute(text("delete from orders"))  # POOL502
        await session.commit()  # POOL502
