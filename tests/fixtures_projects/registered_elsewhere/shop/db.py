import os

from sqlalchemy import NullPool, create_engine, text

URL = os.environ["DATABASE_URL"]


def get_connection():
    engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)  # POOL201
    with engine.connect() as connection:
        yield connection


def count_users():
    engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)  # POOL201
    with engine.connect() as connection:
        return connection.scalar(text("select count(*) from users"))


def write_audit(what: str):
    engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)  # POOL201
    with engine.begin() as connection:
        connection.execute(text("insert into audit values (:what)"), {"what": what})


def clean_up():
    engine = create_engine(URL, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("delete from audit"))


def rebuild():
    engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)
    try:
        with engine.begin() as connection:
            connection.execute(text("refresh materialized view users"))
    finally:
        engine.dispose()


def write_once():
    engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)
    try:
        with engine.begin() as connection:
            connection.execute(text("insert into audit values ('begin')"))
    finally:
        engine.dispose()


class Audit:
    """The engine of the application, or one of its own."""

    def __init__(self, engine=None):
        self.engine = engine or create_engine(URL, pool_recycle=1800, pool_pre_ping=True)


class Users:
    def __init__(self, engine=None):
        if engine is None:
            engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)  # POOL201
        self.engine = engine
