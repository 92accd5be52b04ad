from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
SessionLocal = sessionmaker(engine)
app = FastAPI()


def get_db():
    with SessionLocal() as db:
        yield db


with SessionLocal() as at_start:
    version = at_start.scalar(text("select version()"))


@app.get("/users")
def users(db: Session = Depends(get_db)):
    return db.scalars(text("select name from users")).all()


@app.get("/orders")
def orders(db: Annotated[Session, Depends(get_db)], other: Session | None = None):
    return (other or db).scalars(text("select name from orders")).all()


class UnitOfWork:
    session: Session

    def __enter__(self) -> "UnitOfWork":
        self.session = SessionLocal()
        return self

    def __exit__(self, *error: object) -> None:
        self.session.close()
