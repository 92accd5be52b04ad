"""Says nothing by which it would be read on its own."""

from app.db import get_database_engine


def total(query):
    with get_database_engine().connect() as connection:
        return connection.scalar(query)
