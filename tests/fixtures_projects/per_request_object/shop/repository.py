from sqlalchemy import create_engine, text


class Repository:
    """Brings its own engine along."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url, pool_recycle=1800, pool_pre_ping=True)

    def names(self) -> list[str]:
        with self.engine.connect() as connection:
            return list(connection.scalars(text("select name from users")))
