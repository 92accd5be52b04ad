import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_async_engine(os.environ["URL"], pool_recycle=1800, pool_pre_ping=True)
sync_engine = create_engine(os.environ["SYNC_URL"], pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
SessionLocal = sessionmaker(sync_engine)


@asynccontextmanager
async def transaction() -> AsyncIterator[AsyncSession]:
    async with sessions() as session, session.begin():
        yield session


@asynccontextmanager
async def open_session() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        try:
            yield session
            await session.commit()
        except Exception:
            await session.rollback()
            raise


@contextmanager
def sync_transaction() -> Iterator[Session]:
    with SessionLocal.begin() as session:
        yield session


class UnitOfWork:
    async def __aenter__(self) -> AsyncSession:
        self.session = sessions()
        return self.session

    async def __aexit__(self, *error: object) -> None:
        await self.session.close()
