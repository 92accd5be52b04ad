from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shop.lifespan import lifespan
from shop.settings import settings


def create_app() -> FastAPI:
    engine: AsyncEngine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
    app = FastAPI(title="Shop", lifespan=lifespan)
    app.state.engine = engine

    @app.on_event("shutdown")  # POOL207
    async def stop() -> None:
        await engine.dispose()

    return app
