"""An engine for every call of whatever is decorated."""

import functools

from fastapi import FastAPI
from sqlalchemy import create_engine, text

from shop.settings import settings

app = FastAPI()


def with_connection(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)  # POOL201
        with engine.connect() as connection:
            return function(*args, connection=connection, **kwargs)

    return wrapper


@app.get("/users")
@with_connection
def users(connection) -> list[str]:
    return list(connection.scalars(text("select name from users")))
