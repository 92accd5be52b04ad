from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


async def get_session() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]


@app.get("/users")
async def users(session: SessionDep, other: AsyncSession = Depends(get_session, use_cache=False)):
    return (await session.scalars(text("select name from users"))).all()


@app.get("/orders")
async def orders(session: AsyncSession = Depends(dependency=get_session)):
    return (await session.scalars(text("select name from orders"))).all()
