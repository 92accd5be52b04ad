import requests
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from shop.pools import Session as PooledSession
from shop.pools import sessionmaker
from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
own = sessionmaker(engine, pool_size=5)
pooled = PooledSession(pool_size=5, autocommit=True)
http = requests.Session()


def purge() -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("delete from orders"))


def count(session: Session, autocommit: bool = True) -> int:
    return session.scalar(text("select count(*) from orders"))
