"""What kind of database and pool an engine has, as far as its call says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.values import Record, Resource
from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from pool_lint.model.creations import Creation

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
    return _is_in_sqlite_branch(creation)


def _is_in_sqlite_branch(creation: Creation) -> bool:
    """``if url.startswith("sqlite"): engine = create_engine(url)``."""
    parents = creation.scope.owner.parents
    child: cst.CSTNode = creation.call
    current = parents.get(id(child))
    while current is not None and not isinstance(current, (cst.FunctionDef, cst.ClassDef)):
        if isinstance(current, (cst.If, cst.IfExp)) and child is not current.test:
            says = _says_sqlite(current.test)
            if says is not None and says is (child is current.body):
                return True
        child, current = current, parents.get(id(current))
    return False


def _says_sqlite(test: cst.BaseExpression) -> bool | None:
    """Whether a test finds SQLite, or anything but SQLite; None where it says neither."""
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        inner = _says_sqlite(test.expression)
        return None if inner is None else not inner
    if isinstance(test, cst.BooleanOperation):
        # ``a and sqlite`` is SQLite's where it is true; nothing is said where it is not.
        return None
    if not any(_names_sqlite(node) for node in walk(test)):
        return None
    if isinstance(test, cst.Comparison):
        operators = [target.operator for target in test.comparisons]
        return not isinstance(operators[0], (cst.NotEqual, cst.NotIn, cst.IsNot))
    return isinstance(test, (cst.Call, cst.Name, cst.Attribute))


def _names_sqlite(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.SimpleString):
        return "sqlite" in node.value.lower()
    word = node.attr if isinstance(node, cst.Attribute) else node
    return isinstance(word, cst.Name) and "sqlite" in word.value.lower()


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
