from collections.abc import AsyncIterator

from fastapi import Depends, FastAPI, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

app = FastAPI()


def get_engine(request: Request) -> AsyncEngine:
    return request.app.state.engine


async def get_session(engine: AsyncEngine = Depends(get_engine)) -> AsyncIterator[AsyncSession]:
    factory = async_sessionmaker(bind=engine, expire_on_commit=False)  # POOL211
    async with factory() as session:
        yield session


@app.get("/users")
async def users(session: AsyncSession = Depends(get_session)):
    return (await session.scalars(text("select name from users"))).all()
