from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def save(session: AsyncSession, name: str) -> None:
    await session.execute(text("insert into orders (name) values (:n)"), {"n": name})
    await session.commit()


async def save_or_undo(session: AsyncSession, name: str) -> None:
    try:
        await session.execute(text("insert into orders (name) values (:n)"), {"n": name})
        await session.commit()
    except SQLAlchemyError:
        await session.rollback()
        raise


async def start_over(session: AsyncSession) -> None:
    await session.rollback()


async def count() -> int:
    async with new_session() as session:
        return await session.scalar(select(text("count(*) from orders")))
