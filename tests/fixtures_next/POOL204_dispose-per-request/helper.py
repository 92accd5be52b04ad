"""The handler asks a helper to do it."""

from flask import Flask
from sqlalchemy import create_engine, text

from shop.settings import settings

app = Flask(__name__)
engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)


def done() -> None:
    engine.dispose()  # POOL204


@app.get("/users")
def users() -> list[str]:
    with engine.connect() as connection:
        names = list(connection.scalars(text("select name from users")))
    done()
    return names
