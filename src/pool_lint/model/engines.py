"""What kind of database and pool an engine has, as far as its call says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.branches import stands_in_branch
from pool_lint.model.values import Record, Resource

if TYPE_CHECKING:
    from pool_lint.model.creations import Creation
    from pool_lint.model.names import Scope

_SERVERS = ("postgres", "mysql", "mariadb", "oracle", "mssql", "cockroachdb", "redshift")
# Pools that keep no connection, or only one: neither age nor a ping matters there.
_OTHER_POOLS = frozenset(("NullPool", "StaticPool", "SingletonThreadPool", "AssertionPool", "?"))


def thing(creation: Creation) -> str:
    """What a creation makes, with its article."""
    if creation.makes_engine:
        return "an engine"
    return "an asyncpg pool" if creation.role == sa.PG_POOL else "an asyncpg connection"


def is_server(creation: Creation) -> bool:
    """Whether the URL is known to be a database server's."""
    prefix = creation.url_prefix
    return prefix is not None and prefix.startswith(_SERVERS)


def is_sqlite(creation: Creation) -> bool:
    """Whether the engine is certainly SQLite's."""
    prefix = creation.url_prefix
    if prefix is not None and prefix.startswith("sqlite"):
        return True
    if prefix is None and _default_url(creation).startswith("sqlite"):
        return True
    arguments = creation.keywords.get("connect_args")
    if isinstance(arguments, Record) and "check_same_thread" in arguments.entries:
        return True
    return _is_named_after(creation, "sqlite") or stands_in_branch(creation, "sqlite")


def _is_named_after(creation: Creation, word: str) -> bool:
    """Whether the function or class in which an engine is made bears a database's name."""
    scope: Scope | None = creation.scope
    while scope is not None:
        if scope.info is not None and word in scope.info.name.lower():
            return True
        scope = scope.parent
    return False


def _default_url(creation: Creation) -> str:
    """The URL that stands for a parameter which is not given; empty where it has no such default."""
    given = creation.keywords.nodes.get("url")
    name = given.value.value if given is not None and isinstance(given.value, cst.Name) else None
    home = creation.scope.find(name) if name is not None else None
    bindings = home.names[name] if home is not None and name is not None else ()
    if len(bindings) != 1 or not isinstance(bindings[0].node, cst.Param):
        return ""
    default = bindings[0].node.default
    text = default.evaluated_value if isinstance(default, cst.SimpleString) else ""
    return text if isinstance(text, str) else ""


def keeps_connections(creation: Creation) -> bool:
    """Whether the engine has a queue of connections that grow old."""
    if not creation.makes_engine or creation.name.endswith("engine_from_config"):
        return False
    if creation.pool_class() in _OTHER_POOLS or "pool" in creation.keywords:
        return False
    return not is_sqlite(creation) and "url" in creation.keywords


def engine_of(subject: Resource) -> Creation | None:
    """The creation of the engine that a session or connection belongs to, where it is seen."""
    current: Resource | None = subject
    for _ in range(6):
        if current is None:
            return None
        creation = current.creation
        if creation is not None and creation.makes_engine:
            return creation
        below = creation.keywords.get("session_factory") if creation is not None else None
        bind = creation.keywords.get("bind") if creation is not None else None
        current = current.owner or next(
            (value for value in (bind, below) if isinstance(value, Resource)), None
        )
    return None
