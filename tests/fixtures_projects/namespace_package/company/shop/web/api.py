from fastapi import APIRouter
from sqlalchemy import text

from company.shop import db
from company.shop.db import make_engine

from ..db import sessions

router = APIRouter()


@router.get("/users")
async def users():
    async with make_engine().connect() as connection:  # POOL201
        return (await connection.scalars(text("select name from users"))).all()


@router.post("/users")
async def add_user(name: str) -> None:
    async with sessions() as session:
        await session.execute(text("insert into users (name) values (:n)"), {"n": name})
        session.commit()  # POOL501


async def stop() -> None:
    db.engine.dispose()  # POOL202
