from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine
from starlette.applications import Starlette

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)


@asynccontextmanager
async def lifespan(app):
    yield


async def stop() -> None:
    await engine.dispose()


app = FastAPI(title="Shop", lifespan=lifespan)
app.add_event_handler("shutdown", stop)  # POOL207
site = Starlette(lifespan=lifespan)
site.add_event_handler("shutdown", stop)  # POOL207
