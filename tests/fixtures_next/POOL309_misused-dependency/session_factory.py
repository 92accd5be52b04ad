from typing import Annotated

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


@app.get("/users")
async def users(session: AsyncSession = Depends(sessions)):  # POOL309
    return (await session.scalars(text("select name from users"))).all()


@app.get("/orders")
def orders(db: Annotated[Session, Depends(SessionLocal)]):  # POOL309
    return db.scalars(text("select name from orders")).all()
