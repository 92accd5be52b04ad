from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import text
from sqlalchemy.orm import Session

from shop import db
from shop.db import Audit, get_session, lazy_session, new_session, session_factory

router = APIRouter()
audit = Audit()


@router.get("/orders")
def orders(session: Annotated[Session, Depends(get_session)]) -> list[str]:
    return list(session.scalars(text("select name from orders")))


@router.get("/users")
def users() -> list[str]:
    with new_session() as session:
        return list(session.scalars(text("select name from users")))


@router.get("/stock")
def stock() -> list[str]:
    with db.thread_session() as session:
        return list(session.scalars(text("select name from stock")))


@router.get("/notes")
def notes() -> list[str]:
    with lazy_session() as one, session_factory()() as two, audit.sessions() as three:
        return [session.scalar(text("select note from notes")) for session in (one, two, three)]
