from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
session: AsyncSession | None = None
app = FastAPI()


@app.on_event("startup")
async def start() -> None:
    global session
    session = sessions()  # POOL304


@app.get("/users")
async def users():
    return (await session.scalars(text("select name from users"))).all()
