"""A factory, the session of the request, a closed one, and what was read with it."""

from fastapi import Depends, FastAPI, Request
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
SessionLocal = sessionmaker(engine)
registry = scoped_session(SessionLocal)
app = FastAPI()


def get_factory() -> sessionmaker:
    return SessionLocal


def get_session(request: Request) -> Session:
    return request.state.session


def get_registry() -> scoped_session:
    return registry


def get_names() -> list[str]:
    with SessionLocal() as session:
        return list(session.scalars(text("select name from users")))


@app.get("/users")
def users(
    factory: sessionmaker = Depends(get_factory),
    session: Session = Depends(get_session),
    scoped: scoped_session = Depends(get_registry),
    names: list[str] = Depends(get_names),
):
    with factory() as own:
        return own.scalars(text("select name from users")).all()
