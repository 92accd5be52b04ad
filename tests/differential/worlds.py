"""The databases that programs run on: a pool each, and what can be seen of it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from sqlalchemy.pool import AsyncAdaptedQueuePool, QueuePool
from sqlalchemy.util import greenlet_spawn

from differential import programs as p

Rows = tuple[str, ...]
# Enough for the number of everything that a program gets by its key.
SEEDED = tuple((key, "seed") for key in range(1, 80))


class Base(DeclarativeBase):
    """What the mapped class needs."""


class Item(Base):
    """The only table."""

    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class World:
    """A database and its pool.

    Attributes:
        flavour: of the programs that run on it.
        names: what they find under the names that their header would give them.
    """

    flavour = p.SYNC

    def __init__(self) -> None:
        self.names: dict[str, Any] = {
            "asynccontextmanager": asynccontextmanager, "contextmanager": contextmanager,
            "suppress": suppress, "Item": Item, "select": sa.select, "insert": sa.insert, "text": sa.text,
            "Session": Session, "Connection": sa.Connection,
            "AsyncSession": AsyncSession, "AsyncConnection": AsyncConnection, "asyncpg": asyncpg,
        }  # fmt: skip

    def run(self, work: Callable[[], Any]) -> None:
        """Run ``work``, which returns a coroutine where the world is async."""
        raise NotImplementedError

    def checked_out(self) -> int:
        """How many connections the pool misses."""
        raise NotImplementedError

    def tidy(self) -> Rows:
        """Take back what was leaked, and undo what was committed.

        Returns:
            The names that were written, and ``gone`` for each row that is no more.
        """
        raise NotImplementedError

    def close(self) -> None:
        """The end."""


class Store:
    """A second way to the same database, past every pool."""

    def __init__(self, connection: Any, mark: str) -> None:
        self.connection = connection
        self.mark = mark

    def tidy(self) -> Rows:
        """Let there be nothing but the rows of the beginning; what else there was, and was not."""
        cursor = self.connection.cursor()
        cursor.execute("select count(*), max(name), min(name) from items")
        if tuple(cursor.fetchone()) == (len(SEEDED), "seed", "seed"):
            return ()
        cursor.execute("select name from items order by id")
        names = [name for (name,) in cursor.fetchall()]
        gone = ["gone"] * (len(SEEDED) - names.count("seed"))
        cursor.execute("delete from items where name <> 'seed'")
        if gone:
            cursor.execute("delete from items")
            cursor.executemany(f"insert into items values ({self.mark}, {self.mark})", SEEDED)
        return (*gone, *(name for name in names if name != "seed"))


class SyncWorld(World):
    """A sync engine.

    Args:
        url: of the database.
        store: a second way there.
        arguments: more for the engine.
    """

    def __init__(self, url: Any, store: Store, **arguments: Any) -> None:
        super().__init__()
        self.store = store
        self.engine = self.make(url, arguments)
        # A reference to what is checked out, lest the garbage collector gives it back.
        self.out: dict[int, Any] = {}
        sa.event.listen(self.engine, "checkout", self.on_checkout)
        sa.event.listen(self.engine, "checkin", self.on_checkin)

    def make(self, url: Any, arguments: dict[str, Any]) -> sa.Engine:
        """The engine; its names are set as well."""
        options: dict[str, Any] = {"pool_size": 5, "max_overflow": 40, "pool_timeout": 0.2}
        engine = sa.create_engine(url, poolclass=QueuePool, **options, **arguments)
        self.names |= {"engine": engine, "SessionLocal": sessionmaker(engine)}
        return engine

    def on_checkout(self, connection: Any, record: Any, fairy: Any) -> None:
        self.out[id(record)] = fairy

    def on_checkin(self, connection: Any, record: Any) -> None:
        self.out.pop(id(record), None)

    def run(self, work: Callable[[], Any]) -> None:
        work()

    def checked_out(self) -> int:
        return self.engine.pool.checkedout()  # type: ignore[attr-defined,no-any-return]

    def tidy(self) -> Rows:
        while self.out:
            self.take_back(self.out.popitem()[1])
        return self.store.tidy()

    def take_back(self, fairy: Any) -> None:
        fairy.close()

    def close(self) -> None:
        self.engine.dispose()
        self.store.connection.close()


class AsyncWorld(SyncWorld):
    """An async engine."""

    flavour = p.ASYNC

    def make(self, url: Any, arguments: dict[str, Any]) -> sa.Engine:
        self.loop = asyncio.new_event_loop()
        options: dict[str, Any] = {"pool_size": 5, "max_overflow": 40, "pool_timeout": 0.2}
        options["poolclass"] = AsyncAdaptedQueuePool
        self.async_engine = create_async_engine(url, **options, **arguments)
        factory = async_sessionmaker(self.async_engine, expire_on_commit=False)
        self.names |= {"engine": self.async_engine, "SessionLocal": factory}
        return self.async_engine.sync_engine

    def run(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self.loop.run_until_complete(work())

    def take_back(self, fairy: Any) -> None:
        self.loop.run_until_complete(greenlet_spawn(fairy.close))

    def close(self) -> None:
        self.loop.run_until_complete(self.async_engine.dispose())
        self.loop.close()
        self.store.connection.close()


class PoolWorld(World):
    """A pool of asyncpg's own."""

    flavour = p.POOL

    def __init__(self, dsn: str, store: Store) -> None:
        super().__init__()
        self.store = store
        self.loop = asyncio.new_event_loop()
        self.pool = self.loop.run_until_complete(self.connect(dsn))

    async def connect(self, dsn: str) -> Any:
        return await asyncpg.create_pool(dsn, min_size=1, max_size=10, timeout=5)

    def run(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self.loop.run_until_complete(work())

    def checked_out(self) -> int:
        return int(self.pool.get_size() - self.pool.get_idle_size())

    def tidy(self) -> Rows:
        for holder in self.pool._holders:
            if holder._in_use is not None:
                self.loop.run_until_complete(holder.release(None))
        return self.store.tidy()

    def close(self) -> None:
        self.pool.terminate()
        self.loop.close()
        self.store.connection.close()


# -- where they are -----------------------------------------------------------------------------


def _begin_properly(engine: sa.Engine) -> None:
    """Let sqlite's driver begin where SQLAlchemy does, as every other database does."""

    def connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("pragma synchronous = off")
        cursor.close()

    sa.event.listen(engine, "connect", connect)
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("begin"))


def _sqlite_store(path: Path) -> Store:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = off")
    connection.execute("create table items (id integer primary key, name text not null)")
    store = Store(connection, "?")
    store.tidy()
    return store


def sqlite(directory: Path) -> World:
    """A file and a QueuePool."""
    path = directory / "sync.db"
    world = SyncWorld(f"sqlite:///{path}", _sqlite_store(path), connect_args={"timeout": 0})
    _begin_properly(world.engine)
    return world


def aiosqlite(directory: Path) -> World:
    """A file and an AsyncAdaptedQueuePool."""
    path = directory / "async.db"
    url = f"sqlite+aiosqlite:///{path}"
    world = AsyncWorld(url, _sqlite_store(path), connect_args={"timeout": 0})
    _begin_properly(world.engine)
    return world


def _postgres_store(url: sa.URL) -> Store:
    import psycopg

    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(dsn, autocommit=True)
    connection.execute("drop table if exists items")
    connection.execute("create table items (id serial primary key, name text not null)")
    connection.execute("alter sequence items_id_seq restart with 5000")
    store = Store(connection, "%s")
    store.tidy()
    return store


def postgres(name: str, url: sa.URL) -> World:
    """One of the ways to a PostgreSQL: psycopg, psycopg-async, asyncpg and pool."""
    # What waits for a lock of its own program waits for ever.
    patience = {"options": "-c lock_timeout=50"}
    store = _postgres_store(url)
    if name == "psycopg":
        return SyncWorld(url.set(drivername="postgresql+psycopg"), store, connect_args=patience)
    if name == "psycopg-async":
        return AsyncWorld(url.set(drivername="postgresql+psycopg"), store, connect_args=patience)
    if name == "asyncpg":
        settings = {"server_settings": {"lock_timeout": "50"}}
        return AsyncWorld(url.set(drivername="postgresql+asyncpg"), store, connect_args=settings)
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return PoolWorld(dsn, store)


SQLITE: dict[str, Callable[[Path], World]] = {"sqlite": sqlite, "aiosqlite": aiosqlite}
POSTGRES = ("psycopg", "psycopg-async", "asyncpg", "pool")
FLAVOURS = {
    "sqlite": p.SYNC, "aiosqlite": p.ASYNC, "psycopg": p.SYNC, "psycopg-async": p.ASYNC,
    "asyncpg": p.ASYNC, "pool": p.POOL,
}  # fmt: skip
