"""Outside the package, as jobs are; the package is installed where it runs."""

from sqlalchemy import text

from shop.db import engine, sessions


async def purge() -> None:
    async with sessions() as session:
        await session.execute(text("delete from users"))
        session.commit()  # POOL501


async def stop() -> None:
    engine.dispose()  # POOL202
