"""Named in ``dependencies``, by a class with a call, and by another dependency."""

from fastapi import APIRouter, Depends
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
SessionLocal = sessionmaker(bind=engine)


def for_the_log() -> Session:
    session = SessionLocal()
    session.execute(text("insert into log values (now())"))
    return session  # POOL305


class Sessions:
    def __call__(self) -> Session:
        return SessionLocal()  # POOL305


def get_db() -> Session:
    return SessionLocal()  # POOL305


def get_orders(db: Session = Depends(get_db)) -> list[str]:
    return list(db.scalars(text("select name from orders")))


router = APIRouter(dependencies=[Depends(for_the_log)])
sessions = Sessions()


@router.get("/users")
def users(db: Session = Depends(sessions), orders: list[str] = Depends(get_orders)):
    return db.scalars(text("select name from users")).all(), orders
