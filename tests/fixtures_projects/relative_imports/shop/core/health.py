from sqlalchemy import text

from . import db
from .db import engine


async def check() -> bool:
    async with db.sessions() as session:
        await session.execute(text("select 1"))
        session.close()  # POOL501
    return True


async def stop() -> None:
    engine.dispose()  # POOL202
