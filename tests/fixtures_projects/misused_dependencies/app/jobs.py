from sqlalchemy import text

from app import db
from app.db import get_db, get_session


def count() -> int:
    session = next(get_db())  # POOL307
    return session.scalar(text("select count(*) from orders"))


async def add(name: str) -> str:
    async for session in db.get_session():  # POOL308
        await session.execute(text("insert into orders (name) values (:n)"), {"n": name})
        return "added"
    return "no session"


async def count_async() -> int:
    session = await anext(get_session())  # POOL307
    return await session.scalar(text("select count(*) from orders"))
