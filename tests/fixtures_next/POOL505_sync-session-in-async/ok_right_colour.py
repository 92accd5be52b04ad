from collections.abc import Iterator

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sync_engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
SessionLocal = sessionmaker(sync_engine)
app = FastAPI()


def get_db() -> Iterator[Session]:
    with SessionLocal() as db:
        yield db


@app.get("/users")
def users(db: Session = Depends(get_db)):
    return db.scalars(text("select name from users")).all()


@app.get("/orders")
async def orders():
    async with engine.connect() as connection:
        return (await connection.scalars(text("select name from orders"))).all()


async def handed_on(db: Session = Depends(get_db)) -> list[str]:
    """Only passed to a function that knows what to do with it."""
    from shop.reports import report

    return await report(db)


async def only_memory(session: Session, user: object) -> bool:
    session.add(user)
    return user in session


def dialect_of(engine: AsyncEngine) -> str:
    return engine.dialect.name


def remember(session: AsyncSession, user: object) -> None:
    session.add(user)
    session.info["seen"] = True
