"""Somebody calls it as a function, and would be handed a generator: left to people."""

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
app = FastAPI()


def get_db():
    with Session(engine) as db:
        return db  # POOL305


@app.get("/orders")
def orders(db: Session = Depends(get_db)):
    return db.scalars(text("select name from orders")).all()


def purge() -> None:
    with get_db() as db, db.begin():
        db.execute(text("delete from orders"))
