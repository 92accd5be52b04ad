from fastapi import FastAPI
from sqlmodel import Session, create_engine, select

from shop.models import Hero
from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
session = Session(engine)  # POOL304
app = FastAPI()


@app.get("/heroes")
def heroes():
    return session.exec(select(Hero)).all()
