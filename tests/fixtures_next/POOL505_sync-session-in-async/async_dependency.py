"""An async def does not make the session async."""

from collections.abc import AsyncIterator

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
SessionLocal = sessionmaker(engine)
app = FastAPI()


async def get_db() -> AsyncIterator[Session]:
    with SessionLocal() as db:  # POOL505
        yield db


@app.get("/users")
def users(db: Session = Depends(get_db)):
    return db.scalars(text("select name from users")).all()
