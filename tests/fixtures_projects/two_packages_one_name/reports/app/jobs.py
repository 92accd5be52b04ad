"""Word for word what the other package does, and right here."""

from sqlalchemy import text

from app.db import SessionLocal, engine


def purge() -> None:
    with SessionLocal() as session:
        session.execute(text("delete from reports"))
        session.commit()


def stop() -> None:
    engine.dispose()
