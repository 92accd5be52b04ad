from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sync_engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
SessionLocal = sessionmaker(sync_engine)

session = sessions()  # POOL304
db = SessionLocal()  # POOL304
by_hand = AsyncSession(engine, expire_on_commit=False)  # POOL304
typed: Session = Session(bind=sync_engine)  # POOL304
at_once = sessionmaker(sync_engine)()  # POOL304
app = FastAPI()


@app.get("/users")
async def users():
    return (await session.scalars(text("select name from users"))).all()


@app.get("/orders")
def orders():
    return db.scalars(text("select name from orders")).all()
