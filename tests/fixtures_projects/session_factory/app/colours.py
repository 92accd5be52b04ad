from sqlalchemy import text

from app.db import AsyncSessionLocal as Session
from app.db import SessionLocal


def store(name: str) -> None:
    s = Session()  # POOL505
    s.execute(text("insert into orders (name) values (:n)"), {"n": name})
    s.commit()


def store_right(name: str) -> None:
    session = SessionLocal()
    try:
        session.execute(text("insert into orders (name) values (:n)"), {"n": name})
        session.commit()
    finally:
        session.close()


async def count() -> int:
    with SessionLocal() as session:  # POOL505
        return session.scalar(text("select count(*) from orders"))


async def count_right() -> int:
    async with Session() as session:
        return await session.scalar(text("select count(*) from orders"))
