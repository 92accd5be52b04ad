from fastapi import Depends, FastAPI
from sqlmodel import Session, create_engine, select

from shop.models import Hero
from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
app = FastAPI()


def get_session():
    with Session(engine) as session:
        return session  # POOL305


@app.get("/heroes")
def heroes(session: Session = Depends(get_session)):
    return session.exec(select(Hero)).all()
