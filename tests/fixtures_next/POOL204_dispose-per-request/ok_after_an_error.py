"""Thrown away because it is broken, not because the request is over."""

from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
app = FastAPI()


@app.get("/health")
def health() -> bool:
    try:
        with engine.connect() as connection:
            return bool(connection.scalar(text("select 1")))
    except OperationalError:
        engine.dispose()
        return False
