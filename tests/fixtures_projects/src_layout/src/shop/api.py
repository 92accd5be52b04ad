from fastapi import APIRouter
from sqlalchemy import text

from shop.db import make_engine, sessions

router = APIRouter()


@router.get("/users")
async def users():
    async with make_engine().connect() as connection:  # POOL201
        return (await connection.scalars(text("select name from users"))).all()


@router.delete("/users")
async def purge() -> None:
    async with sessions() as session:
        await session.execute(text("delete from users"))
        session.commit()  # POOL501
