import fastapi as fa
from sqlalchemy.ext.asyncio import create_async_engine

from shop.lifespan import lifespan
from shop.settings import settings
from shop.tracing import traced

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
app: fa.FastAPI = fa.FastAPI(
    title="Shop",
    lifespan=lifespan,
)


@traced
@app.on_event(event_type="shutdown")  # POOL207
async def stop() -> None:
    await engine.dispose()
