from fastapi import APIRouter
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from shop.settings import settings

engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
async_engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
router = APIRouter()


@router.get("/users")
async def users():
    sessions = async_sessionmaker(async_engine, expire_on_commit=False)  # POOL211
    async with sessions() as session:
        return (await session.scalars(text("select name from users"))).all()


@router.get("/orders")
def orders():
    with sessionmaker(bind=engine)() as session:  # POOL211
        return session.scalars(text("select name from orders")).all()


@router.get("/stock")
async def stock():
    Session = sessionmaker(  # POOL211
        bind=async_engine,
        class_=AsyncSession,
        expire_on_commit=False,
    )
    async with Session() as session:
        return (await session.scalars(text("select name from stock"))).all()
