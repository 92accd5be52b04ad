from fastapi import FastAPI
from sqlmodel import Session, create_engine, select

from shop.models import Hero
from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
app = FastAPI()


@app.get("/heroes")
async def heroes():
    with Session(engine) as session:  # POOL505
        return session.exec(select(Hero)).all()
