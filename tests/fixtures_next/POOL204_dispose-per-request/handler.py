from fastapi import APIRouter, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sync_engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
app = FastAPI()
router = APIRouter()


@app.get("/users")
async def users():
    async with engine.connect() as connection:
        names = (await connection.scalars(text("select name from users"))).all()
    await engine.dispose()  # POOL204
    return names


@router.get("/orders")
def orders():
    try:
        with sync_engine.connect() as connection:
            return connection.scalars(text("select name from orders")).all()
    finally:
        sync_engine.dispose()  # POOL204


app.include_router(router)
