"""A call whose answer can be called itself is the usual way to give a dependency arguments."""

from collections.abc import Callable, Iterator
from functools import partial

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from shop.security import require
from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
SessionLocal = sessionmaker(engine)
app = FastAPI()


def for_schema(schema: str) -> Callable[[], Iterator[Session]]:
    def get_db() -> Iterator[Session]:
        with SessionLocal() as db:
            db.execute(text(f"set local search_path = {schema}"))
            yield db

    return get_db


class Sessions:
    def __init__(self, factory: sessionmaker) -> None:
        self.factory = factory

    def __call__(self) -> Iterator[Session]:
        with self.factory() as db:
            yield db


def in_schema(schema: str) -> Iterator[Session]:
    with SessionLocal() as db:
        db.execute(text(f"set local search_path = {schema}"))
        yield db


@app.get("/orders", dependencies=[Depends(require("admin"))])
def orders(
    one: Session = Depends(for_schema("shop")),
    two: Session = Depends(Sessions(SessionLocal)),
    three: Session = Depends(partial(in_schema, "shop")),
    four: sessionmaker = Depends(lambda: SessionLocal),
):
    return one.scalars(text("select name from orders")).all()
