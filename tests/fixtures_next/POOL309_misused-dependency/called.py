from collections.abc import AsyncIterator, Iterator
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sync_engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
SessionLocal = sessionmaker(sync_engine)


async def get_session() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


def get_db() -> Iterator[Session]:
    with SessionLocal() as db:
        yield db


async def count_orders() -> int:
    async with sessions() as session:
        return await session.scalar(text("select count(*) from orders"))


SessionDep = Annotated[AsyncSession, Depends(get_session())]  # POOL309
router = APIRouter(dependencies=[Depends(get_db())])  # POOL309


@router.get("/users")
async def users(session: AsyncSession = Depends(get_session())):  # POOL309
    return (await session.scalars(text("select name from users"))).all()


@router.get("/orders")
def orders(db: Annotated[Session, Depends(get_db())]):  # POOL309
    return db.scalars(text("select name from orders")).all()


@router.get("/count")
async def count(count: int = Depends(count_orders())) -> int:  # POOL309
    return count
