from functools import lru_cache

from sqlalchemy import create_engine

_engine = create_engine("postgresql://db/shop", pool_pre_ping=True, pool_recycle=1800)


def get_engine():
    return _engine


@lru_cache
def get_lazily(url):
    return create_engine(url, pool_pre_ping=True, pool_recycle=1800)
