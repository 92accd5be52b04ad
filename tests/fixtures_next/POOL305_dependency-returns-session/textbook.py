from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


async def get_session():
    return sessions()  # POOL305


async def get_other() -> AsyncSession:
    async with sessions() as session:
        return session  # POOL305


@app.get("/users")
async def users(session: AsyncSession = Depends(get_session)):
    return (await session.scalars(text("select name from users"))).all()


@app.get("/orders")
async def orders(session: AsyncSession = Depends(get_other)):
    return (await session.scalars(text("select name from orders"))).all()
