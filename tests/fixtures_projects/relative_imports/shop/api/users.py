from fastapi import APIRouter
from sqlalchemy import text

from ..core import db as database
from ..core.db import make_engine, sessions
from .. import core

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


@router.delete("/users")
async def purge() -> None:
    async with database.sessions() as session:
        await session.execute(text("delete from users"))
        session.commit()  # POOL501


def version() -> str:
    return core.__name__
