import os

from sqlalchemy import create_engine, text

URL = os.environ["DATABASE_URL"]


def check_schema() -> int:
    engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)  # POOL203
    with engine.connect() as connection:
        return connection.scalar(text("select max(version) from schema"))


def warm_up() -> None:
    engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)  # POOL203
    with engine.connect() as connection:
        connection.execute(text("select 1"))


class Audit:
    def __init__(self) -> None:
        self.engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)

    def write(self, what: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(text("insert into audit values (:what)"), {"what": what})


class Report:
    def run(self) -> None:
        engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)  # POOL203
        with engine.begin() as connection:
            connection.execute(text("refresh materialized view report"))
