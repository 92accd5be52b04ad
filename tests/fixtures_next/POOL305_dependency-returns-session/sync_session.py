from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
SessionLocal = sessionmaker(bind=engine)
router = APIRouter()


def get_db() -> Session:
    db = SessionLocal()
    try:
        return db  # POOL305
    except Exception:
        db.rollback()
        raise


def by_hand() -> Session:
    return Session(engine)  # POOL305


def settled() -> Session:
    session = Session(bind=engine)
    session.execute(text("set local statement_timeout = 500"))
    return session  # POOL305


SessionDep = Annotated[Session, Depends(get_db)]


@router.get("/users")
def users(db: SessionDep):
    return db.scalars(text("select name from users")).all()


@router.get("/orders")
def orders(
    db: Annotated[Session, Depends(by_hand)],
    other: Session = Depends(settled),
):
    return db.scalars(text("select name from orders")).all()
