from collections.abc import Iterator

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from shop.database import get_db
from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)


def numbers() -> Iterator[int]:
    with Session(engine) as session:
        yield from session.scalars(text("select id from orders"))


def first() -> int:
    return next(numbers())


def of_a_result(session: Session) -> str:
    return next(iter(session.scalars(text("select name from users"))))


def unknown() -> object:
    return next(get_db())


def large(ids: list[int]) -> int:
    return next((one for one in ids if one > 100), 0)
