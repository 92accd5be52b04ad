from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sync_engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
SessionLocal = sessionmaker(sync_engine)


def count(db: Session = SessionLocal()) -> int:  # POOL304
    return db.scalar(text("select count(*) from orders"))


async def names(
    table: str,
    *,
    session: AsyncSession = sessions(),  # POOL304
) -> list[str]:
    return list(await session.scalars(text(f"select name from {table}")))


class Orders:
    def __init__(self, session=Session(sync_engine)) -> None:  # POOL304
        self.session = session
