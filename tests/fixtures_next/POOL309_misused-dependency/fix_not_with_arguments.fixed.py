"""What was meant by the argument, nobody knows: left to people."""

from collections.abc import Iterator

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
app = FastAPI()


def get_db(schema: str) -> Iterator[Session]:
    with Session(engine) as db:
        db.execute(text(f"set local search_path = {schema}"))
        yield db


@app.get("/orders")
def orders(db: Session = Depends(get_db("shop"))):  # POOL309
    return db.scalars(text("select name from orders")).all()
