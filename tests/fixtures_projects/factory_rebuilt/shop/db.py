"""Factories around one engine; who uses them stands in other files."""

import os
from collections.abc import Iterator

from sqlalchemy import create_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker

engine = create_engine(os.environ["DATABASE_URL"], pool_recycle=1800, pool_pre_ping=True)
_shared: sessionmaker[Session] | None = None


def get_session() -> Iterator[Session]:
    factory = sessionmaker(engine, expire_on_commit=False)  # POOL211
    with factory() as session:
        yield session


def new_session() -> Session:
    return sessionmaker(bind=engine)()  # POOL211


def thread_session() -> Session:
    registry = scoped_session(sessionmaker(bind=engine))  # POOL211
    return registry()


def session_factory() -> sessionmaker[Session]:
    return sessionmaker(engine)


def lazy_session() -> Session:
    global _shared
    if _shared is None:
        _shared = sessionmaker(engine)
    return _shared()


def session_for_report() -> Session:
    return sessionmaker(bind=engine, expire_on_commit=False)()


def unused_session() -> Session:
    return sessionmaker(bind=engine)()


class Audit:
    def __init__(self) -> None:
        self.sessions = sessionmaker(engine)
