from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
SessionLocal = sessionmaker(bind=engine)


async def count() -> int:
    with SessionLocal() as session:  # POOL505
        return session.scalar(text("select count(*) from orders"))


async def names() -> list[str]:
    with Session(engine) as session, session.begin():  # POOL505
        return list(session.scalars(text("select name from orders")))


async def closed_by_hand() -> int:
    db = SessionLocal()
    try:
        return db.scalar(text("select count(*) from orders"))  # POOL505
    finally:
        db.close()


async def at_once() -> None:
    with SessionLocal.begin() as session:  # POOL505
        session.execute(text("delete from orders"))


async def two() -> None:
    with SessionLocal() as one:  # POOL505
        one.execute(text("select 1"))
    with SessionLocal() as other:  # POOL505
        other.execute(text("select 1"))
