"""As an argument, in a with, in a task and in a test."""

from celery import shared_task
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
SessionLocal = sessionmaker(engine)


def get_db():
    with SessionLocal() as db:
        yield db


def total(db: Session) -> int:
    return db.scalar(text("select count(*) from orders"))


@shared_task
def report() -> int:
    return total(next(get_db()))  # POOL307


def closed_twice() -> int:
    with next(get_db()) as db:  # POOL307
        return db.scalar(text("select count(*) from orders"))


def test_total():
    db = next(get_db())  # POOL307
    assert total(db) == 0


class Orders:
    def __init__(self) -> None:
        self.db = next(get_db())  # POOL307
