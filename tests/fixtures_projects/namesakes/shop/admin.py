import os

from sqlalchemy import create_engine, text

URL = os.environ["DATABASE_URL"]


class AdminOrders:
    def rebuild(self) -> None:
        engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)  # POOL203
        with engine.begin() as connection:
            connection.execute(text("refresh materialized view orders"))

    def purge(self) -> None:
        engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)  # POOL203
        with engine.begin() as connection:
            connection.execute(text("delete from orders"))


def refresh() -> None:
    engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)  # POOL203
    with engine.begin() as connection:
        connection.execute(text("refresh materialized view orders"))
