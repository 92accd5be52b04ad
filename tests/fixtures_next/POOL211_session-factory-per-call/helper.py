"""Made in a helper, for each request that calls it."""

from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

app = Flask(__name__)
engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)


def new_session() -> Session:
    return sessionmaker(bind=engine)()  # POOL211


@app.get("/users")
def users() -> list[str]:
    with new_session() as session:
        return list(session.scalars(text("select name from users")))
