"""An error in the handler comes out of the yield and goes past the close."""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sync_engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
SessionLocal = sessionmaker(sync_engine)
app = FastAPI()


async def get_session() -> AsyncIterator[AsyncSession]:
    session = AsyncSession(engine, expire_on_commit=False)
    yield session  # POOL306
    await session.close()


def get_db() -> Iterator[Session]:
    db = SessionLocal()
    try:
        yield db  # POOL306
        db.commit()
        db.close()
    except ValueError:
        db.rollback()
        raise


SessionDep = Annotated[AsyncSession, Depends(get_session)]


@app.get("/users")
async def users(session: SessionDep):
    return (await session.scalars(text("select name from users"))).all()


@app.get("/orders")
def orders(db: Annotated[Session, Depends(get_db)]):
    return db.scalars(text("select name from orders")).all()
