from sqlalchemy import text

from shop.db import (
    SessionLocal,
    close_session,
    count_rows,
    keep,
    open_session,
    shared_session,
)


def report() -> int:
    session = open_session()  # POOL302
    return count_rows(session, "orders")


def report_by_class() -> int:
    session = SessionLocal()  # POOL302
    return count_rows(session, "orders")


def closed_by_a_helper() -> int:
    session = open_session()
    try:
        return count_rows(session, "orders")
    finally:
        close_session(session)


def kept_by_a_helper() -> int:
    session = open_session()
    keep(session)
    return count_rows(session, "orders")


def of_all() -> int:
    session = shared_session()
    return session.scalar(text("select count(*) from orders"))
