"""Whether what is written lasts without a commit: by the engine, its database and the project."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.creations import constant
from pool_lint.model.engines import engine_of, is_sqlite
from pool_lint.model.values import FACTORY, SESSION, UNKNOWN, Class, Record, Resource
from pool_lint.settings import is_before

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.lookup import Lookup
    from pool_lint.model.values import Value
    from pool_lint.settings import Settings

POSTGRES = "postgres"
SQLITE = "sqlite"
# Commits by itself around every statement that changes tables.
MYSQL = "mysql"

_BY_URL = {
    "postgres": POSTGRES, "cockroach": POSTGRES, "redshift": POSTGRES, "sqlite": SQLITE,
    "mysql": MYSQL, "mariadb": MYSQL, "singlestore": MYSQL, "oracle": MYSQL,
}  # fmt: skip
_BY_IMPORT = {
    "asyncpg": POSTGRES, "psycopg": POSTGRES, "psycopg2": POSTGRES, "pgvector": POSTGRES,
    "sqlalchemy.dialects.postgresql": POSTGRES, "pymysql": MYSQL, "MySQLdb": MYSQL,
    "aiomysql": MYSQL, "asyncmy": MYSQL, "mysql": MYSQL, "oracledb": MYSQL, "cx_Oracle": MYSQL,
    "sqlalchemy.dialects.mysql": MYSQL, "sqlalchemy.dialects.oracle": MYSQL,
    "aiosqlite": SQLITE, "sqlite3": SQLITE, "sqlalchemy.dialects.sqlite": SQLITE,
}  # fmt: skip
# Databases that know no transactions, or whose drivers commit each statement.
_LASTING = ("clickhouse", "bigquery", "trino", "presto", "awsathena", "athena", "databricks", "hive",
            "impala", "druid", "pinot", "drill", "doris", "starrocks", "snowflake", "elasticsearch",
            "dremio", "crate", "shillelagh", "gsheets", "kylin", "phoenix", "spanner",
            "dynamodb")  # fmt: skip
_CHAIN = 6


def lasts(subject: Resource, lookup: Lookup, settings: Settings) -> bool:
    """Whether what is written on ``subject`` may last although nobody commits it."""
    return any(_commits_alone(value) for value in _chain(subject)) or (
        subject.kind != SESSION
        and subject.is_async is not True
        and _is_old(subject, lookup, settings)
    )


def _chain(subject: Resource) -> Iterator[Resource]:
    """A session or connection, and what it was made of."""
    pending: list[Resource] = [subject]
    for _ in range(_CHAIN):
        if not pending:
            return
        current = pending.pop()
        yield current
        creation = current.creation
        below = [current.owner]
        if creation is not None:
            keywords = creation.keywords
            below += [v for v in (keywords.get("bind"), keywords.get("session_factory"))
                      if isinstance(v, Resource)]  # fmt: skip
        pending += [value for value in below if value is not None and value is not current]


def _commits_alone(value: Resource) -> bool:
    if value.isolation is not None and _may_be_autocommit(value.isolation):
        return True
    creation = value.creation
    if creation is None:
        return False
    if creation.role in (sa.SCOPED, sa.ASYNC_SCOPED):
        return True
    keywords = creation.keywords
    options = [keywords.get("execution_options"), keywords.get("connect_args")]
    tables = [one.entries for one in options if isinstance(one, Record)]
    for given in (keywords.values, *tables):
        level, autocommit = given.get("isolation_level"), given.get("autocommit")
        if level is not None and _may_be_autocommit(level):
            return True
        if autocommit is not None and constant(autocommit) is not False:
            return True
    prefix = creation.url_prefix or ""
    if creation.makes_engine and (prefix.startswith(_LASTING) or "autocommit" in prefix.lower()):
        return True
    return _is_of_own_class(value)


def _may_be_autocommit(level: Value) -> bool:
    known = constant(level)
    return known is None or known is UNKNOWN or str(known).upper() == "AUTOCOMMIT"


def _is_of_own_class(value: Resource) -> bool:
    """Whether sessions are of a class of the project, which may end them as it likes."""
    creation = value.creation
    if creation is None or value.kind not in (SESSION, FACTORY):
        return False
    if isinstance(creation.keywords.get("class_"), Class):
        return True
    bound = creation.keywords.nodes.get("bind")
    if bound is not None and isinstance(bound.value, cst.Name) and "conn" in bound.value.value:
        return True
    called = creation.scope.owner.lookup.expression(creation.call.func, creation.scope)
    return isinstance(called, Class)


# -- the database --------------------------------------------------------------------------------


def database_of(subject: Resource, lookup: Lookup) -> str | None:
    """Which kind of database something belongs to, as far as URL, imports or project tell."""
    creation = engine_of(subject)
    if creation is not None:
        prefix = creation.url_prefix or ""
        for word, kind in _BY_URL.items():
            if prefix.startswith(word):
                return kind
        if is_sqlite(creation):
            return SQLITE
        if prefix.partition(":")[0]:
            return None
    found = {
        kind
        for path in lookup.names.imports
        for word, kind in _BY_IMPORT.items()
        if path == word or path.startswith(f"{word}.")
    }
    if len(found) == 1:
        return found.pop()
    return None if found else _pins(os.path.dirname(lookup.path or "")).database


def knows_lasting(lookup: Lookup) -> bool:
    """Whether the file names a database of which writes last without a commit."""
    return any(
        word in part for path in lookup.names.imports for part in path.split(".")
        for word in _LASTING
    )  # fmt: skip


def _is_old(subject: Resource, lookup: Lookup, settings: Settings) -> bool:
    """Whether the code is written for SQLAlchemy 1, which commits what connections write."""
    creation = engine_of(subject)
    future = creation.keywords.get("future") if creation is not None else None
    if future is not None and constant(future) is True:
        return False
    if settings.target_sqlalchemy is not None:
        return is_before(settings.target_sqlalchemy, (2,))
    return _pins(os.path.dirname(lookup.path or "")).is_old


# -- what the project depends on -----------------------------------------------------------------


class Pins:
    """What the files of a project say about the libraries that it runs with.

    Attributes:
        is_old: whether SQLAlchemy is kept below 2.
        database: the database, if all drivers that are named are for the same one.
    """

    __slots__ = ("database", "is_old")

    def __init__(self, texts: list[str]) -> None:
        versions = [version for text in texts for version in _VERSIONS(text)]
        self.is_old = bool(versions) and all(_is_below_two(version) for version in versions)
        drivers = {
            kind for text in texts for word, kind in _BY_DRIVER.items() if _names(text, word)
        }
        self.database = drivers.pop() if len(drivers) == 1 else None


_VERSIONS = re.compile(
    r"^[ \t]*(?:name[ \t]*=[ \t]*)?[\"']?sqlalchemy(?:\[[^\]\n]*\])?[\"']?"
    r"(?:[ \t]*=[ \t]*|\s+version[ \t]*=[ \t]*)?(?:\{[^}\n]*version[ \t]*=[ \t]*)?[\"']?[ \t]*"
    r"((?:[=<>~^!]=?=?[ \t]*)?\d[^\"'\n;#]*)",
    re.IGNORECASE | re.MULTILINE,
).findall
_BY_DRIVER = {
    "asyncpg": POSTGRES, "psycopg": POSTGRES, "psycopg2": POSTGRES, "psycopg2-binary": POSTGRES,
    "pg8000": POSTGRES, "pymysql": MYSQL, "mysqlclient": MYSQL, "aiomysql": MYSQL,
    "asyncmy": MYSQL, "mysql-connector-python": MYSQL, "oracledb": MYSQL,
}  # fmt: skip
_FILES = ("pyproject.toml", "requirements.txt", "setup.cfg", "setup.py", "Pipfile", "poetry.lock",
          "uv.lock", "requirements.in", "requirements/base.txt", "requirements/prod.txt")  # fmt: skip
_TOP = (".git", ".hg", "pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "requirements.txt")
_LARGEST = 4_000_000


def _names(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text, re.IGNORECASE) is not None


def _is_below_two(spec: str) -> bool:
    """Whether a version, or what versions may be, lies below 2."""
    parts = [part.strip() for part in spec.split(",")]
    for part in parts:
        match = re.match(r"([=<>~^!]*)[ \t]*(\d+)(?:\.(\d+))?", part)
        if match is None:
            continue
        sign, major, minor = match[1], int(match[2]), match[3]
        if sign in ("", "==", "===", "^", "<=", "~", "=") and major < 2:
            return True
        if sign == "~=" and major < 2 and minor is not None:
            return True
        if sign == "<" and (major < 2 or (major == 2 and minor in (None, "0"))):
            return True
    return False


@lru_cache(maxsize=256)
def _pins(folder: str) -> Pins:
    """The pins of the project that a folder belongs to."""
    current = os.path.abspath(folder) if folder else ""
    while current and not any(os.path.exists(os.path.join(current, name)) for name in _TOP):
        above = os.path.dirname(current)
        current = "" if above == current else above
    texts = []
    for name in _FILES if current else ():
        path = os.path.join(current, name)
        try:
            if os.path.getsize(path) <= _LARGEST:
                with open(path, encoding="utf-8", errors="replace") as file:
                    texts.append(file.read())
        except OSError:
            continue
    return Pins(texts)
