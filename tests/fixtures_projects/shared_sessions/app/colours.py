from sqlalchemy import text

from app.db import SessionLocal, engine, sessions, sync_engine


async def count() -> int:
    with SessionLocal() as session:  # POOL505
        return session.scalar(text("select count(*) from orders"))


async def names() -> list[str]:
    with sessions() as session:  # POOL312
        return list(await session.scalars(text("select name from orders")))


def check() -> bool:
    with engine.connect() as connection:  # POOL505
        return bool(connection.scalar(text("select 1")))


async def stop() -> None:
    await engine.dispose()
    await sync_engine.dispose()  # POOL502
