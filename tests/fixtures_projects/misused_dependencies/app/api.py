from fastapi import APIRouter, Depends
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from app.db import SessionLocal, as_a_block, get_db, get_session

router = APIRouter()


@router.get("/a")
async def called(session: AsyncSession = Depends(get_session())):  # POOL309
    return (await session.scalars(text("select name from users"))).all()


@router.get("/b")
async def a_block(session: AsyncSession = Depends(as_a_block)):  # POOL309
    return (await session.scalars(text("select name from users"))).all()


@router.get("/c")
def a_factory(db: Session = Depends(SessionLocal)):  # POOL309
    return db.scalars(text("select name from users")).all()


@router.get("/d")
async def right(session: AsyncSession = Depends(get_session), db: Session = Depends(get_db)):
    return (await session.scalars(text("select name from users"))).all()
