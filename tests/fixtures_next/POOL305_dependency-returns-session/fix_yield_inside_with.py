from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sync_engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


async def get_session():
    async with sessions() as session:
        return session  # POOL305


def get_db():
    with Session(sync_engine) as db:
        db.execute(text("set local statement_timeout = 500"))
        return db  # POOL305


@app.get("/users")
async def users(session: AsyncSession = Depends(get_session)):
    return (await session.scalars(text("select name from users"))).all()


@app.get("/orders")
def orders(db: Session = Depends(get_db)):
    return db.scalars(text("select name from orders")).all()
