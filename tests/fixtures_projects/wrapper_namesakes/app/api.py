from fastapi import APIRouter
from sqlalchemy import text

from app.engines import create_async_engine, create_engine, create_pool

router = APIRouter()


@router.post("/jobs")
async def add_job() -> None:
    pool = await create_pool()
    await pool.enqueue_job("report")


@router.get("/search")
async def search(kind: str) -> list[str]:
    return create_engine(kind)


@router.get("/count")
async def count(url: str) -> int:
    engine = create_async_engine(url, pool_size=1)  # POOL201
    async with engine.connect() as connection:
        return await connection.scalar(text("select count(*) from orders"))
