from fastapi import APIRouter
from sqlalchemy import text

from app.db import SessionLocal, engine, sessions

session = sessions()  # POOL304
router = APIRouter()


def count(db=SessionLocal()) -> int:  # POOL304
    return db.scalar(text("select count(*) from orders"))


@router.get("/orders")
async def orders():
    names = (await session.scalars(text("select name from orders"))).all()
    await engine.dispose()  # POOL204
    return names
