from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
app = FastAPI()


async def users():
    async with engine.connect() as connection:
        names = (await connection.scalars(text("select name from users"))).all()
    await engine.dispose()  # POOL204
    return names


app.add_api_route("/users", users)
