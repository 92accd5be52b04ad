"""The block ends the transaction; what it ran on stays open."""

from collections.abc import AsyncIterator

from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
app = FastAPI()


async def get_session() -> AsyncIterator[AsyncSession]:
    session = AsyncSession(engine, expire_on_commit=False)
    try:
        yield session  # POOL306
        await session.commit()
    except ValueError:
        await session.rollback()
        raise


@app.get("/users")
async def users(session: AsyncSession = Depends(get_session)):
    return (await session.scalars(text("select name from users"))).all()
