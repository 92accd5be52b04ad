from fastapi import APIRouter
from sqlalchemy import text

from app.db import Database, engine_of, get_database, get_engine, lazy_engine

router = APIRouter()
database = Database("postgresql+asyncpg://db.internal/shop")


@router.get("/users")
async def users():
    async with get_engine().connect() as connection:
        return (await connection.scalars(text("select name from users"))).all()


@router.get("/orders")
async def orders():
    async with lazy_engine().connect() as connection:
        return (await connection.scalars(text("select name from orders"))).all()


@router.get("/stock/{tenant}")
async def stock(tenant: str):
    async with engine_of(tenant).connect() as connection:
        return (await connection.scalars(text("select name from stock"))).all()


@router.get("/names")
async def names():
    async with get_database().engine.connect() as one, database.engine.connect() as other:
        return [await connection.scalar(text("select 1")) for connection in (one, other)]
