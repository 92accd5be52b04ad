"""One session on one connection, and tests that roll everything back."""

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session, sessionmaker


def copy(engine: Engine) -> None:
    with engine.connect() as connection, Session(bind=connection) as session:
        session.commit()


@pytest.fixture
def session(engine: Engine):
    connection = engine.connect()
    transaction = connection.begin()
    factory = sessionmaker(bind=connection, join_transaction_mode="create_savepoint")
    with factory() as session:
        yield session
    transaction.rollback()
    connection.close()


def in_a_savepoint(connection: Connection) -> sessionmaker:
    return sessionmaker(connection, join_transaction_mode="create_savepoint")
