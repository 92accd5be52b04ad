import functools
import os

from sqlalchemy import Engine, create_engine, text

URL = os.environ["DATABASE_URL"]
_engines: dict[str, Engine] = {}


@functools.lru_cache
def shared_engine() -> Engine:
    return _make(URL)


def _make(url: str) -> Engine:
    return create_engine(url, pool_recycle=1800, pool_pre_ping=True)


def make_engine(url: str) -> Engine:
    return create_engine(url, pool_recycle=1800, pool_pre_ping=True)


def engine_later():
    return lambda: create_engine(URL, pool_recycle=1800, pool_pre_ping=True)


def add_engine(name: str) -> None:
    engine = create_engine(f"{URL}/{name}", pool_recycle=1800, pool_pre_ping=True)
    _engines[name] = engine


def migrate() -> None:
    engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)
    try:
        with engine.begin() as connection:
            connection.execute(text("create table if not exists users (name text)"))
    finally:
        engine.dispose()


class Store:
    ready = False

    def prepare_store(self) -> None:
        engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)
        try:
            with engine.begin() as connection:
                connection.execute(text("create table if not exists store (name text)"))
        finally:
            engine.dispose()
        self.ready = True


class Database:
    def __init__(self) -> None:
        self.engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)


class Single:
    _instance = None

    def __new__(cls):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __init__(self) -> None:
        self.engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)


class Pool:
    def open(self) -> None:
        self.engine = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)
