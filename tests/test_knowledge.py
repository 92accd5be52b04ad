"""The tables say what the installed libraries do, and what was written by hand agrees with them."""

from __future__ import annotations

import itertools
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy
from project_tools import load_tool
from sqlalchemy import create_engine, pool
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from pool_lint.knowledge import accepted, tables
from pool_lint.knowledge import sqlalchemy as sa

INSTALLED = accepted.release_of(".".join(sqlalchemy.__version__.split(".")[:2]))
SCHEMES = ["postgresql+asyncpg", "postgresql+psycopg", "sqlite", "sqlite+aiosqlite"]
POOLS = ["AssertionPool", "AsyncAdaptedQueuePool", "NullPool", "QueuePool", "SingletonThreadPool",
         "StaticPool"]  # fmt: skip
KEYWORDS = ["pool_size", "max_overflow", "pool_timeout", "pool_use_lifo", "pool_recycle",
            "pool_pre_ping", "pool_reset_on_return", "pool_logging_name", "pool_events",
            "echo_pool", "encoding", "dialect_options", "min_size", "timeout", "client_encoding",
            "json_serializer", "isolation_level", "async_creator", "use_native_unicode",
            "case_sensitive", "native_datetime", "executemany_mode"]  # fmt: skip


def generator() -> ModuleType:
    return load_tool("generate_knowledge")


def test_the_tables_agree_with_what_is_installed() -> None:
    tool = generator()
    assert tool.differences(tool.read()) == []


def test_a_difference_is_seen() -> None:
    tool = generator()
    facts = tool.read()
    facts["rows"]["pool NullPool"].append("pool_colour")
    facts["rows"]["asyncpg connect"].remove("timeout")
    assert tool.differences(facts) == [
        "asyncpg connect: timeout is not there any more",
        "pool NullPool: pool_colour is new",
    ]


def test_the_tables_are_written_as_they_are_read() -> None:
    tool = generator()
    facts = []
    for version in tables.VERSIONS:
        rows = tool.rows_of(tables.TEXT, tables.VERSIONS, version)
        facts.append({"version": version, "rows": rows})
    assert tool.text_of(facts) == tool.TABLES.read_text(encoding="utf-8")


def _fails_on(maker: Any, scheme: str, given: dict[str, Any]) -> str:
    try:
        maker(f"{scheme}:///file.db" if "sqlite" in scheme else f"{scheme}://", **given)
    except (TypeError, sqlalchemy.exc.ArgumentError) as error:
        return str(error)
    return ""


@pytest.mark.parametrize("scheme", SCHEMES)
def test_engines_refuse_what_is_not_in_the_tables(scheme: str) -> None:
    """Ask the library itself, which finds out by trying."""
    is_async = accepted.flavour_of(scheme, INSTALLED) == "async"
    maker = create_async_engine if is_async else create_engine
    for name, keyword in itertools.product(POOLS, KEYWORDS):
        given: dict[str, Any] = {"poolclass": getattr(pool, name)}
        right = accepted.words(f"pools {'async' if is_async else 'sync'}", INSTALLED)
        if name not in right | accepted.words("pools both", INSTALLED):
            assert "cannot be used with" in _fails_on(maker, scheme, given)
            continue
        known = accepted.engine_keywords(maker.__name__, scheme, name, INSTALLED)
        error = _fails_on(maker, scheme, {**given, keyword: None})
        assert (f"Invalid argument(s) '{keyword}'" in error) == (keyword not in known), error


@pytest.mark.parametrize(("scheme", "name"), accepted.MEMORY_POOLS.items())
def test_pools_of_databases_in_memory(scheme: str, name: str) -> None:
    for database in ("", "/:memory:"):
        url = make_url(f"{scheme}://{database}")
        assert url.get_dialect().get_pool_class(url).__name__ == name


def test_releases() -> None:
    releases = [accepted.release_of(one) for one in (None, "1.3", "1.4.54", "2.0", "2.9.1", "2")]
    assert releases == ["2.1", "1.4", "1.4", "2.0", "2.1", "2.1"]


KINDS = [
    ("AsyncSession", sa.SESSION_METHODS),
    ("async_scoped_session", sa.SESSION_METHODS),
    ("AsyncConnection", sa.CONNECTION_METHODS),
    ("AsyncEngine", sa.ENGINE_METHODS),
    ("AsyncTransaction", sa.TRANSACTION_METHODS),
    ("AsyncSessionTransaction", sa.TRANSACTION_METHODS),
]


@pytest.mark.parametrize("release", tables.VERSIONS)
@pytest.mark.parametrize(("name", "methods"), KINDS, ids=[name for name, _ in KINDS])
def test_methods_are_awaited_that_are_coroutines(
    name: str, methods: dict[str, sa.Operation], release: str
) -> None:
    coroutines = accepted.words(f"coroutines {name}", release)
    startable = accepted.words(f"startable {name}", release)
    plain = accepted.words(f"plain {name}", release)
    assert coroutines, "the class is known"
    for word, operation in methods.items():
        if word in coroutines:
            assert not operation.plain and not operation.manager, word
        elif word in plain and not operation.manager:
            assert operation.plain, word
        elif word in startable:
            assert not operation.plain, word


@pytest.mark.parametrize("name", ["AsyncSession", "AsyncConnection", "AsyncEngine"])
def test_every_coroutine_of_the_library_is_known(name: str) -> None:
    methods = dict(KINDS)[name]
    known = {*methods, "get_isolation_level", "set_isolation_level"}
    for release in tables.VERSIONS:
        assert accepted.words(f"coroutines {name}", release) <= known


def test_methods_of_one_flavour() -> None:
    there = frozenset().union(
        *(accepted.words(f"{kind} AsyncSession", one)
          for one in tables.VERSIONS for kind in ("plain", "coroutines", "startable"))
    )  # fmt: skip
    assert not sa.SYNC_ONLY & there
    assert there >= sa.ASYNC_ONLY


def test_asyncpg_takes_what_the_rules_know() -> None:
    known = accepted.words("asyncpg create_pool", accepted.NEWEST)
    assert {"min_size", "max_size", "max_queries", "server_settings", "timeout"} <= known
