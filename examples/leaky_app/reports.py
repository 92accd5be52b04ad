"""Numbers for the people upstairs."""

from fastapi import APIRouter
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import create_async_engine

from leaky_app import settings
from leaky_app.models import Order

router = APIRouter(prefix="/reports")


@router.get("/turnover")
async def turnover() -> dict[str, int]:
    engine = create_async_engine(settings.DATABASE_URL, pool_recycle=1800, pool_pre_ping=True)
    try:
        async with engine.connect() as connection:
            cents = await connection.scalar(select(func.sum(Order.cents)))
    finally:
        await engine.dispose()
    return {"cents": cents or 0}
