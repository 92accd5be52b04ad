"""The sync session in async code is a mistake of its own, and stays one."""

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
SessionLocal = sessionmaker(engine)


async def users() -> list[str]:
    async with SessionLocal() as session:  # POOL312 POOL505
        return list(session.scalars(text("select name from users")))


async def orders() -> list[str]:
    async with Session(engine) as session:  # POOL312 POOL505
        return list(session.scalars(text("select name from orders")))
