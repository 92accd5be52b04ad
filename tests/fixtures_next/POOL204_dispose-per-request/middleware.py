from fastapi import FastAPI, Request
from sqlalchemy.ext.asyncio import create_async_engine

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
app = FastAPI()


@app.middleware("http")
async def tidy(request: Request, call_next):
    response = await call_next(request)
    await engine.dispose()  # POOL204
    return response
