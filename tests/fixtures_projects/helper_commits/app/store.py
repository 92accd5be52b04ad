from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


async def save(session: AsyncSession, name: str) -> None:
    await session.execute(text("insert into orders (name) values (:n)"), {"n": name})
    await session.commit()


async def save_all(session: AsyncSession, names: list[str]) -> None:
    for name in names:
        await session.execute(text("insert into orders (name) values (:n)"), {"n": name})
    await finish(session)


async def finish(session: AsyncSession) -> None:
    await session.commit()


async def read_and_end(session: AsyncSession) -> int:
    try:
        return await session.scalar(text("select count(*) from orders"))
    finally:
        await session.rollback()


async def commit_if(session: AsyncSession, really: bool) -> None:
    if really:
        await session.commit()
