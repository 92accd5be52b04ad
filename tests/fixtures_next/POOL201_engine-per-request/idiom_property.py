from fastapi import FastAPI
from sqlalchemy import create_engine, text

from shop.settings import settings

app = FastAPI()


class Database:
    @property
    def engine(self):
        return create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)


database = Database()


@app.get("/users")
def users() -> list[str]:
    with database.engine.connect() as connection:  # POOL201
        return list(connection.scalars(text("select name from users")))
