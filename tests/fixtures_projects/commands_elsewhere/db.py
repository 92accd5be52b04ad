"""Helpers, some of which only commands call."""

import os
from contextlib import contextmanager

from sqlalchemy import create_engine, text

URL = os.environ["DATABASE_URL"]


@contextmanager
def source():
    engine = create_engine(URL)
    with engine.connect() as connection:
        yield connection


def make_engine():
    return create_engine(URL, pool_size=2)  # POOL101 POOL102


def count_orders():
    engine = create_engine(URL, pool_pre_ping=True, pool_recycle=1800)
    with engine.connect() as connection:
        return connection.scalar(text("select count(*) from orders"))


def count_items():
    engine = create_engine(URL, pool_pre_ping=True, pool_recycle=1800)  # POOL203
    with engine.connect() as connection:
        return connection.scalar(text("select count(*) from items"))


def count_users():
    engine = create_engine(URL, pool_pre_ping=True, pool_recycle=1800)  # POOL203
    with engine.connect() as connection:
        return connection.scalar(text("select count(*) from users"))


def make_shared_engine():
    return create_engine(URL, pool_size=2)  # POOL101 POOL102
