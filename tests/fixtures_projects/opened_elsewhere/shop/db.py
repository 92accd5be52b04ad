from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

engine = create_engine(settings.url, pool_pre_ping=True, pool_recycle=1800)
SessionLocal = sessionmaker(bind=engine)
_shared: list[Session] = []


def open_session() -> Session:
    return SessionLocal()


def shared_session() -> Session:
    if not _shared:
        session = SessionLocal()
        _shared.append(session)
    return _shared[0]


def close_session(session: Session) -> None:
    session.rollback()
    session.close()


def count_rows(session: Session, table: str) -> int:
    return session.connection().exec_driver_sql(f"select count(*) from {table}").scalar()


def keep(session: Session) -> None:
    _shared.append(session)
