from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.session = sessions()  # POOL304
    yield
    await app.state.session.close()


app = FastAPI(lifespan=lifespan)
legacy = FastAPI()
legacy.state.db = AsyncSession(engine, expire_on_commit=False)  # POOL304


@app.get("/users")
async def users(request: Request):
    return (await request.app.state.session.scalars(text("select name from users"))).all()
