from sqlalchemy import text

from app.db import SessionLocal, engine


async def purge() -> None:
    async with SessionLocal() as session:
        await session.execute(text("delete from bills"))
        session.commit()  # POOL501


async def stop() -> None:
    engine.dispose()  # POOL202
