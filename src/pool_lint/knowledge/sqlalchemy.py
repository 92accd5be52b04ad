"""SQLAlchemy, SQLModel and asyncpg: what their names are and what their methods do."""

from __future__ import annotations

from typing import NamedTuple

# -- roles: what a callable makes, or what a class is ------------------------------------------

SYNC_ENGINE = "sync engine maker"
ASYNC_ENGINE = "async engine maker"
SYNC_FACTORY = "sync factory maker"
ASYNC_FACTORY = "async factory maker"
SYNC_SESSION = "sync session class"
ASYNC_SESSION = "async session class"
SCOPED = "scoped session"
ASYNC_SCOPED = "async scoped session"
PG_POOL = "asyncpg pool maker"
PG_CONNECT = "asyncpg connect"
# A function that a user has named: it makes an engine, of which nothing else is known.
UNSEEN_ENGINE = "unseen engine maker"
CLASS_ROLES = {
    "Engine": ("engine", False),
    "AsyncEngine": ("engine", True),
    "Connection": ("connection", False),
    "AsyncConnection": ("connection", True),
    "Session": ("session", False),
    "AsyncSession": ("session", True),
    "scoped_session": ("session", False),
    "async_scoped_session": ("session", True),
    "sessionmaker": ("session factory", None),
    "async_sessionmaker": ("session factory", True),
    "SessionTransaction": ("transaction", False),
    "AsyncSessionTransaction": ("transaction", True),
}
_ASYNCPG_CLASSES = {
    "Pool": ("pool", True),
    "Connection": ("pool connection", True),
    "PoolConnectionProxy": ("pool connection", True),
}
_MAKERS = {
    "create_engine": SYNC_ENGINE,
    "engine_from_config": SYNC_ENGINE,
    "create_async_engine": ASYNC_ENGINE,
    "async_engine_from_config": ASYNC_ENGINE,
    "sessionmaker": SYNC_FACTORY,
    "async_sessionmaker": ASYNC_FACTORY,
    "Session": SYNC_SESSION,
    "AsyncSession": ASYNC_SESSION,
    "scoped_session": SCOPED,
    "async_scoped_session": ASYNC_SCOPED,
}
MAKER_NAMES = frozenset((*_MAKERS, "create_pool", "connect"))
_PACKAGES = ("sqlalchemy", "sqlmodel")
# A file may use these without showing where they came from.
BARE_NAMES = {
    "create_async_engine": "sqlalchemy.ext.asyncio.create_async_engine",
    "create_engine": "sqlalchemy.create_engine",
    "async_sessionmaker": "sqlalchemy.ext.asyncio.async_sessionmaker",
    "sessionmaker": "sqlalchemy.orm.sessionmaker",
    "AsyncSession": "sqlalchemy.ext.asyncio.AsyncSession",
    "AsyncEngine": "sqlalchemy.ext.asyncio.AsyncEngine",
    "AsyncConnection": "sqlalchemy.ext.asyncio.AsyncConnection",
    "asyncpg": "asyncpg",
}
# Positional parameters of the makers, so that a keyword may be written without its name.
POSITIONAL = {
    SYNC_ENGINE: ("url",),
    ASYNC_ENGINE: ("url",),
    SYNC_FACTORY: ("bind",),
    ASYNC_FACTORY: ("bind",),
    SYNC_SESSION: ("bind",),
    ASYNC_SESSION: ("bind",),
    SCOPED: ("session_factory", "scopefunc"),
    ASYNC_SCOPED: ("session_factory", "scopefunc"),
    PG_POOL: ("dsn",),
    PG_CONNECT: ("dsn",),
}


def is_sqlalchemy(path: str) -> bool:
    """Whether a dotted path lies in SQLAlchemy or SQLModel."""
    return path.partition(".")[0] in _PACKAGES


def role_of(path: str) -> str | None:
    """What calling ``path`` makes, or None."""
    root, _, rest = path.partition(".")
    name = rest.rpartition(".")[2]
    if root in _PACKAGES and "(" not in path:
        return _MAKERS.get(name)
    if path in ("asyncpg.create_pool", "asyncpg.pool.create_pool"):
        return PG_POOL
    if path in ("asyncpg.connect", "asyncpg.connection.connect"):
        return PG_CONNECT
    return None


def class_of(path: str) -> tuple[str, bool | None] | None:
    """Which kind of resource an object of class ``path`` is, and its flavour."""
    root, _, rest = path.partition(".")
    name = rest.rpartition(".")[2]
    if root in _PACKAGES and "(" not in path:
        found = CLASS_ROLES.get(name)
        if found and name in ("Session", "scoped_session") and ".asyncio" in path:
            return None
        return found
    if root == "asyncpg":
        return _ASYNCPG_CLASSES.get(name)
    return None


# -- methods ------------------------------------------------------------------------------------


class Operation(NamedTuple):
    """What a method does.

    ``effect`` is a word of the flow's vocabulary ("" for none), ``gives`` what it returns (after
    awaiting), ``plain`` marks a method that is not a coroutine on the async class either, and
    ``manager`` one that returns a context manager.
    """

    effect: str = ""
    gives: str = ""
    plain: bool = False
    manager: bool = False


_SQL = Operation("sql", "result")
_ROW = Operation("sql", "entity")
_QUIET = Operation(plain=True)
SESSION_METHODS: dict[str, Operation] = {
    "execute": _SQL,
    "exec": _SQL,
    "scalars": _SQL,
    "stream": _SQL,
    "stream_scalars": _SQL,
    "scalar": _ROW,
    "get": _ROW,
    "get_one": _ROW,
    "merge": _ROW,
    "refresh": Operation("refresh"),
    "merge_all": Operation("sql"),
    "delete": Operation("delete"),
    "delete_all": Operation("delete"),
    "flush": Operation("flush"),
    "commit": Operation("commit"),
    "rollback": Operation("rollback"),
    "close": Operation("close"),
    "aclose": Operation("close"),
    "reset": Operation("close"),
    "invalidate": Operation("close"),
    "connection": Operation("sql", "connection"),
    "run_sync": Operation("sql"),
    "begin": Operation("begin", "transaction", manager=True),
    "begin_nested": Operation("begin nested", "transaction", manager=True),
    "add": Operation("add", plain=True),
    "add_all": Operation("add", plain=True),
    "remove": Operation("close"),
    "expunge": Operation("expunge", plain=True),
    "expunge_all": Operation("expunge all", plain=True),
    "expire": _QUIET,
    "expire_all": _QUIET,
    "in_transaction": _QUIET,
    "in_nested_transaction": _QUIET,
    "get_bind": _QUIET,
    "get_transaction": _QUIET,
    "get_nested_transaction": _QUIET,
    "is_modified": _QUIET,
    "enable_relationship_loading": _QUIET,
    "prepare": Operation("flush"),
    "query": Operation("", "query", plain=True),
    "bulk_save_objects": Operation("sql", plain=True),
    "bulk_insert_mappings": Operation("sql", plain=True),
    "bulk_update_mappings": Operation("sql", plain=True),
}
# Sync methods that the async class has not, and the reverse: a call on the other flavour is
# some other object's.
SYNC_ONLY = frozenset(("query", "prepare", "bulk_save_objects", "bulk_insert_mappings",
                       "bulk_update_mappings", "enable_relationship_loading"))  # fmt: skip
ASYNC_ONLY = frozenset(("stream", "stream_scalars", "run_sync", "aclose"))
CONNECTION_METHODS: dict[str, Operation] = {
    "execute": _SQL,
    "exec_driver_sql": _SQL,
    "scalar": Operation("sql"),
    "scalars": _SQL,
    "stream": _SQL,
    "stream_scalars": _SQL,
    "run_sync": Operation("sql"),
    "commit": Operation("commit"),
    "rollback": Operation("rollback"),
    "close": Operation("close"),
    "aclose": Operation("close"),
    "invalidate": Operation("close"),
    "begin": Operation("begin", "transaction", manager=True),
    "begin_nested": Operation("begin nested", "transaction", manager=True),
    "execution_options": Operation("", "self"),
    "get_raw_connection": Operation(),
    "start": Operation("open", "self"),
    "in_transaction": _QUIET,
    "in_nested_transaction": _QUIET,
    "get_transaction": _QUIET,
    "get_nested_transaction": _QUIET,
    "detach": _QUIET,
}
ENGINE_METHODS: dict[str, Operation] = {
    "connect": Operation("open", "connection", manager=True),
    "begin": Operation("open block", "connection", manager=True),
    "dispose": Operation("dispose"),
    "raw_connection": Operation("open", "raw connection"),
    "execution_options": Operation("", "self", plain=True),
    "clear_compiled_cache": _QUIET,
    "get_execution_options": _QUIET,
    "update_execution_options": _QUIET,
}
POOL_METHODS: dict[str, Operation] = {
    "acquire": Operation("open", "pool connection", manager=True),
    "release": Operation("release argument"),
    "close": Operation("dispose"),
    "terminate": _QUIET,
    "execute": Operation("run"),
    "executemany": Operation("run"),
    "fetch": Operation("run"),
    "fetchrow": Operation("run"),
    "fetchval": Operation("run"),
    "fetchmany": Operation("run"),
    "copy_from_table": Operation("run"),
    "copy_from_query": Operation("run"),
    "copy_to_table": Operation("run"),
    "copy_records_to_table": Operation("run"),
    "expire_connections": Operation("run"),
    "get_size": _QUIET,
    "get_idle_size": _QUIET,
    "get_min_size": _QUIET,
    "get_max_size": _QUIET,
    "set_connect_args": _QUIET,
    "is_closing": _QUIET,
}
POOL_CONNECTION_METHODS: dict[str, Operation] = {
    "execute": Operation("sql"),
    "executemany": Operation("sql"),
    "fetch": Operation("sql"),
    "fetchrow": Operation("sql"),
    "fetchval": Operation("sql"),
    "fetchmany": Operation("sql"),
    "prepare": Operation("sql"),
    "copy_from_table": Operation("sql"),
    "copy_from_query": Operation("sql"),
    "copy_to_table": Operation("sql"),
    "copy_records_to_table": Operation("sql"),
    "reload_schema_state": Operation("sql"),
    "set_type_codec": Operation("sql"),
    "reset": Operation("sql"),
    "close": Operation("close"),
    "add_listener": Operation("listen"),
    "remove_listener": Operation("sql"),
    "transaction": Operation("begin", "transaction", manager=True),
    "cursor": _QUIET,
    "terminate": Operation("close", plain=True),
    "is_closed": _QUIET,
    "is_in_transaction": _QUIET,
    "get_server_pid": _QUIET,
    "get_settings": _QUIET,
}
# Methods of a connection that no other library's has.
ASYNCPG_ONLY = frozenset(("fetchrow", "fetchval"))
TRANSACTION_METHODS: dict[str, Operation] = {
    "commit": Operation("commit transaction"),
    "rollback": Operation("rollback transaction"),
    "close": Operation("rollback transaction"),
    "start": Operation("start transaction"),
}
METHODS: dict[str, dict[str, Operation]] = {
    "session": SESSION_METHODS,
    "connection": CONNECTION_METHODS,
    "engine": ENGINE_METHODS,
    "pool": POOL_METHODS,
    "pool connection": POOL_CONNECTION_METHODS,
    "transaction": TRANSACTION_METHODS,
}
# A Query reaches the database in these.
QUERY_TERMINALS = frozenset(
    ("all", "first", "one", "one_or_none", "scalar", "count", "get", "delete", "update",
     "yield_per")
)  # fmt: skip
