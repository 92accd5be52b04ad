"""The annotation says one thing; what the dependency yields is another."""

from collections.abc import AsyncIterator, Iterator

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


async def get_session() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


def get_db() -> Iterator[Session]:
    with SessionLocal() as db:
        yield db


@app.get("/users")
async def users(db: Session = Depends(get_session)):
    return (await db.scalars(text("select name from users"))).all()


@app.get("/orders")
async def orders(session: AsyncSession = Depends(get_db)):
    return session.scalars(text("select name from orders")).all()  # POOL505


@app.delete("/orders")
async def purge(db: Session = Depends(get_session)) -> None:
    db.execute(text("delete from orders"))  # POOL501
    await db.commit()
