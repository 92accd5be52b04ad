from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sync_engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
SessionLocal = sessionmaker(sync_engine)
app = FastAPI()


@asynccontextmanager
async def get_session() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


@contextmanager
def get_db() -> Iterator[Session]:
    with SessionLocal() as db:
        yield db


def plain() -> Iterator[Session]:
    with SessionLocal() as db:
        yield db


wrapped = contextmanager(plain)


@app.get("/users")
async def users(session: AsyncSession = Depends(get_session)):  # POOL309
    return (await session.scalars(text("select name from users"))).all()


@app.get("/orders")
def orders(
    db: Session = Depends(get_db),  # POOL309
    other: Session = Depends(wrapped),  # POOL309
    right: Session = Depends(plain),
):
    return db.scalars(text("select name from orders")).all()
