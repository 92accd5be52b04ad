import os

from sqlalchemy import create_engine, text

URL = os.environ["DATABASE_URL"]


class Orders:
    def count(self) -> int:
        engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)  # POOL201
        with engine.connect() as connection:
            return connection.scalar(text("select count(*) from orders"))

    def note(self, what: str) -> None:
        self._write(what)

    def _write(self, what: str) -> None:
        engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)  # POOL201
        try:
            with engine.begin() as connection:
                connection.execute(text("insert into notes values (:what)"), {"what": what})
        finally:
            engine.dispose()

    @classmethod
    def archive(cls) -> None:
        engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)  # POOL201
        with engine.begin() as connection:
            connection.execute(text("insert into archive select * from orders"))

    @classmethod
    def close(cls, number: int) -> None:
        engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)  # POOL201
        with engine.begin() as connection:
            connection.execute(text("update orders set closed where number = :n"), {"n": number})

    def unused(self) -> None:
        engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)
        try:
            engine.connect().close()
        finally:
            engine.dispose()


class Stock:
    def left(self) -> int:
        engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)  # POOL201
        with engine.connect() as connection:
            return connection.scalar(text("select sum(number) from stock"))


stock = Stock()
