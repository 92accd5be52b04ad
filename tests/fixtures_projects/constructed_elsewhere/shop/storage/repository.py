import os

from sqlalchemy import create_engine, text


class Repository:
    def __init__(self) -> None:
        url = os.environ["DATABASE_URL"]
        self._engine = create_engine(url, pool_recycle=1800, pool_pre_ping=True)  # POOL201

    def names(self) -> list[str]:
        with self._engine.connect() as connection:
            return list(connection.scalars(text("select name from users")))
