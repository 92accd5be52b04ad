from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

from app.models import Order

engine = create_engine("postgresql://app@db/shop", pool_pre_ping=True, pool_recycle=1800)
ahead = create_engine("postgresql://app@db/shop", pool_pre_ping=True, pool_recycle=1800, future=True)
new_session = sessionmaker(engine)


def committed_by_itself() -> None:
    with engine.connect() as connection:
        connection.execute(text("DELETE FROM orders"))


def as_in_version_two() -> None:
    with ahead.connect() as connection:  # POOL405
        connection.execute(text("DELETE FROM orders"))


def sessions_never_were() -> None:
    with new_session() as session:  # POOL406
        session.add(Order(name="a"))
