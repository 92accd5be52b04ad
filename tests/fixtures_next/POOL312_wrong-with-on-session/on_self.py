from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine


class Orders:
    def __init__(self, url: str) -> None:
        self.engine = create_async_engine(url, pool_recycle=1800, pool_pre_ping=True)
        self.sessions: async_sessionmaker[AsyncSession] = async_sessionmaker(
            self.engine, expire_on_commit=False
        )

    async def count(self) -> int:
        with self.sessions() as session:  # POOL312
            return await session.scalar(text("select count(*) from orders"))

    async def names(self) -> list[str]:
        with self.sessions() as session, session.begin():  # POOL312
            return list(await session.scalars(text("select name from orders")))
