import app.db as database
from fastapi import APIRouter, Depends
from sqlalchemy import text

from app import db, get_session
from app.db import SessionLocal, make_engine

router = APIRouter()


@router.get("/users")
async def users():
    async with make_engine().connect() as connection:  # POOL201
        return (await connection.scalars(text("select name from users"))).all()


@router.get("/stock")
async def stock():
    async with db.make_engine().connect() as connection:  # POOL201
        return (await connection.scalars(text("select name from stock"))).all()


@router.post("/orders")
async def add_order(name: str) -> None:
    async with SessionLocal() as session:
        session.add(name)
        session.commit()  # POOL501


@router.put("/orders")
async def rename(name: str) -> None:
    async with database.SessionLocal() as session:
        await session.execute(text("update orders set name = :n"), {"n": name})
        session.commit()  # POOL501


@router.delete("/orders")
async def purge(session=Depends(get_session)) -> None:
    await session.execute(text("delete from orders"))
    session.commit()  # POOL501


async def stop() -> None:
    db.engine.dispose()  # POOL202
