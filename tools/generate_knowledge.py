"""Read what SQLAlchemy, asyncpg and psycopg accept, and write it down for pool-lint.

    python tools/generate_knowledge.py read             # facts of the installed libraries, as JSON
    python tools/generate_knowledge.py write A B C      # the tables, from such files
    python tools/generate_knowledge.py check            # compare the tables with what is installed

Each release of SQLAlchemy has to be read in an environment of its own; ``nox -s tables`` does so.
The script needs nothing of pool-lint but the tables themselves, so that it runs anywhere.
"""

from __future__ import annotations

import ast
import importlib.util
import inspect
import json
import sys
import textwrap
from pathlib import Path
from typing import Any

TABLES = Path(__file__).parents[1] / "src" / "pool_lint" / "knowledge" / "tables.py"
WIDTH = 99
ASYNC_CLASSES = ("AsyncEngine", "AsyncConnection", "AsyncSession", "AsyncTransaction",
                 "AsyncSessionTransaction", "AsyncResult", "AsyncScalarResult",
                 "AsyncMappingResult", "async_scoped_session")  # fmt: skip
# What may be awaited, and entered as well.
STARTABLE = ("AsyncConnection", "AsyncTransaction", "AsyncSessionTransaction")
# What a constructor takes and nobody writes: create_engine gives it, or it is not a keyword.
NOT_WRITTEN = frozenset(("self", "args", "kwargs", "kw", "local_kw", "url", "dialect", "creator_fn",
                         "_dispatch", "_is_asyncio", "_is_async"))  # fmt: skip
HEADER = '''"""What the libraries accept, release by release; written by ``tools/generate_knowledge.py``.

Each row says of which kind and name it is, for which releases of SQLAlchemy it holds (``*`` for
all of them), and then the words.
"""

from __future__ import annotations

VERSIONS = ({versions})

TEXT = """\\
'''


# -- reading ------------------------------------------------------------------------------------


def read() -> dict[str, Any]:
    """The facts of the libraries that are installed.

    Returns:
        The release of SQLAlchemy under ``version``, and under ``rows`` sorted words by a kind and
        a name with a blank between.

    Raises:
        ImportError: SQLAlchemy is not installed.
    """
    import sqlalchemy

    version = ".".join(sqlalchemy.__version__.split(".")[:2])
    rows: dict[str, set[str]] = {}
    for found in (_engines(), _pools(), _dialects(), _sessions(), _async_methods(), _drivers()):
        rows.update(found)
    return {"version": version, "rows": {key: sorted(words) for key, words in rows.items()}}


def _engines() -> dict[str, set[str]]:
    from sqlalchemy.engine import Engine, create
    from sqlalchemy.ext.asyncio import engine as async_engine
    from sqlalchemy.util import get_cls_kwargs

    taken = _popped(create.create_engine) | set(get_cls_kwargs(Engine)) | {"plugins"}
    # Not taken from the keywords, but looked up in them.
    taken |= {"strategy", "empty_in_strategy"} - NOT_WRITTEN
    asked = _popped(async_engine.create_async_engine)
    return {
        "engine create_engine": _written(taken),
        "engine create_async_engine": _written(taken | asked),
    }


def _popped(function: Any) -> set[str]:
    """The keywords that a function takes out of those it is given."""
    function = inspect.unwrap(function)
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = ast.unparse(node.func)
            if name in ("pop_kwarg", "kwargs.pop", "kw.pop"):
                found.add(str(node.args[0].value))
    return found


def _written(words: set[str]) -> set[str]:
    return {word for word in words if word not in NOT_WRITTEN and not word.startswith("_")}


def _pools() -> dict[str, set[str]]:
    from sqlalchemy import pool
    from sqlalchemy.engine import create
    from sqlalchemy.util import get_cls_kwargs

    names = _translations(create)
    rows: dict[str, set[str]] = {"pools sync": set(), "pools async": set(), "pools both": set()}
    for name in dir(pool):
        cls = getattr(pool, name)
        if not isinstance(cls, type) or not issubclass(cls, pool.Pool) or cls is pool.Pool:
            continue
        words = {names.get(word, word) for word in get_cls_kwargs(cls)}
        rows[f"pool {name}"] = _written(words) - {"creator"}
        rows[f"pools {_flavour_of_pool(cls)}"].add(name)
    return rows


def _translations(module: Any) -> dict[str, str]:
    """What the arguments of pools are called by those who make engines."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Dict) and any(
            isinstance(key, ast.Constant) and key.value == "logging_name" for key in node.keys
        ):
            table: dict[str, str] = ast.literal_eval(node)
            return table
    raise LookupError("create_engine no longer translates the arguments of pools")


def _flavour_of_pool(cls: Any) -> str:
    """With which engines a pool class works; asked of the engines themselves."""
    from sqlalchemy import create_engine
    from sqlalchemy.exc import ArgumentError
    from sqlalchemy.ext.asyncio import create_async_engine

    works = {}
    for flavour, make, url in (
        ("sync", create_engine, "sqlite://"),
        ("async", create_async_engine, "postgresql+asyncpg://"),
    ):
        try:
            make(url, poolclass=cls)
            works[flavour] = True
        except ArgumentError:
            works[flavour] = False
    return "both" if all(works.values()) else "sync" if works["sync"] else "async"


def _dialects() -> dict[str, set[str]]:
    from sqlalchemy.engine.default import DefaultDialect
    from sqlalchemy.util import get_cls_kwargs

    common = _written(set(get_cls_kwargs(DefaultDialect)))
    rows = {"dialect common": common}
    for flavour in ("sync", "async", "both"):
        rows[f"schemes {flavour}"] = set()
    for scheme in sorted(_schemes()):
        sync, other = _dialect(scheme, is_async=False), _dialect(scheme, is_async=True)
        if sync is None or other is None:
            continue
        flavour = "async" if sync.is_async else "both" if other.is_async else "sync"
        rows[f"schemes {flavour}"].add(scheme)
        own = _written(set(get_cls_kwargs(sync)) | set(get_cls_kwargs(other))) - common
        if own:
            rows[f"dialect {scheme}"] = own
    return rows


def _schemes() -> set[str]:
    import sqlalchemy.dialects

    found: set[str] = set()
    for name in sqlalchemy.dialects.__all__:
        package = importlib.import_module(f"sqlalchemy.dialects.{name}")
        drivers = {word for word in dir(package) if hasattr(getattr(package, word), "dialect")}
        names = ("mysql", "mariadb") if name == "mysql" else (name,)
        found.update(names)
        found.update(f"{one}+{driver}" for one in names for driver in drivers - {"base"})
    return found


def _dialect(scheme: str, *, is_async: bool) -> Any:
    """The dialect that an engine for a scheme has; None where there is no such scheme."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import NoSuchModuleError

    url = make_url(f"{scheme}://")
    try:
        entry = url._get_entrypoint()
    except (NoSuchModuleError, AttributeError, ImportError):
        return None
    if entry is None:
        return None
    method = getattr(entry, "get_async_dialect_cls", None) if is_async else None
    return (method or entry.get_dialect_cls)(url)


def _sessions() -> dict[str, set[str]]:
    from sqlalchemy.ext import asyncio
    from sqlalchemy.orm import Session, sessionmaker

    session = _parameters(Session)
    rows = {
        "session Session": session,
        "session sessionmaker": session | _parameters(sessionmaker),
        "session AsyncSession": session | _parameters(asyncio.AsyncSession),
    }
    maker = getattr(asyncio, "async_sessionmaker", None)
    if maker is not None:
        rows["session async_sessionmaker"] = rows["session AsyncSession"] | _parameters(maker)
    return rows


def _parameters(function: Any) -> set[str]:
    if isinstance(function, type):
        function = function.__init__
    return _written(set(inspect.signature(function).parameters))


def _async_methods() -> dict[str, set[str]]:
    from sqlalchemy.ext import asyncio

    rows: dict[str, set[str]] = {}
    for name in ASYNC_CLASSES:
        cls = getattr(asyncio, name, None)
        if cls is None:
            continue
        # What a registry of sessions hands on is what the session does.
        behind = asyncio.AsyncSession if name == "async_scoped_session" else cls
        for word in dir(cls):
            method = getattr(behind, word, None) or getattr(cls, word)
            if not word.startswith("_") and inspect.isfunction(method):
                rows.setdefault(f"{_kind(method)} {name}", set()).add(word)
    return rows


def _kind(method: Any) -> str:
    """Whether a method has to be awaited, may be awaited or entered, or does its work at once."""
    if inspect.iscoroutinefunction(method):
        return "coroutines"
    if inspect.isasyncgenfunction(inspect.unwrap(method)):
        return "startable"
    given = str(inspect.signature(method).return_annotation)
    name = given.rpartition(".")[2].strip("'\">")
    return "startable" if name in STARTABLE else "plain"


def _drivers() -> dict[str, set[str]]:
    import asyncpg
    import psycopg
    from sqlalchemy.dialects.postgresql import asyncpg as dialect

    connect = _parameters(asyncpg.connect)
    adapted = _popped(dialect.AsyncAdapt_asyncpg_dbapi.connect)
    options = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    return {
        "asyncpg connect": connect,
        "asyncpg create_pool": (connect | _parameters(asyncpg.create_pool)) - {"connect_kwargs"},
        "adapted asyncpg": adapted,
        "psycopg connect": _parameters(psycopg.connect) - {"conninfo"},
        "psycopg libpq": options,
    }


# -- writing ------------------------------------------------------------------------------------


def text_of(facts: list[dict[str, Any]]) -> str:
    """The tables as a module.

    Args:
        facts: what :func:`read` gave for each release.

    Returns:
        The text of the module.
    """
    versions = sorted(one["version"] for one in facts)
    names = sorted({name for one in facts for name in one["rows"]})
    lines = []
    for name in names:
        groups: dict[tuple[str, ...], list[str]] = {}
        known = {one["version"]: set(one["rows"].get(name, ())) for one in facts}
        for word in sorted(set().union(*known.values())):
            where = tuple(version for version in versions if word in known[version])
            groups.setdefault(where, []).append(word)
        for where, words in sorted(groups.items(), key=lambda item: (-len(item[0]), item[0])):
            mark = "*" if len(where) == len(versions) else ",".join(where)
            row = f"{name} {mark}: {' '.join(words)}"
            lines.extend(textwrap.wrap(row, WIDTH, subsequent_indent="  ", break_on_hyphens=False))
    quoted = ", ".join(f'"{version}"' for version in versions)
    return HEADER.format(versions=quoted) + "\n".join(lines) + '\n"""\n'


def load() -> Any:
    """The module with the tables, without the package that it belongs to."""
    spec = importlib.util.spec_from_file_location("tables", TABLES)
    if spec is None or spec.loader is None:
        raise ImportError(f"{TABLES} cannot be read")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows_of(text: str, versions: tuple[str, ...], version: str) -> dict[str, set[str]]:
    """What the tables say of one release."""
    rows: dict[str, set[str]] = {}
    for line in text.replace("\n  ", " ").splitlines():
        head, _, words = line.partition(":")
        name, _, where = head.rpartition(" ")
        if version in (versions if where == "*" else where.split(",")):
            rows.setdefault(name, set()).update(words.split())
    return rows


def differences(facts: dict[str, Any]) -> list[str]:
    """Where the tables and what is installed disagree, one line each.

    Args:
        facts: what :func:`read` gave.

    Returns:
        Nothing where they agree.
    """
    tables = load()
    if facts["version"] not in tables.VERSIONS:
        return [f"the tables do not know SQLAlchemy {facts['version']}"]
    rows = rows_of(tables.TEXT, tables.VERSIONS, facts["version"])
    found = []
    for name in sorted({*rows, *facts["rows"]}):
        said, there = rows.get(name, set()), set(facts["rows"].get(name, ()))
        # A libpq of one's own may be an older one.
        missing = set() if name == "psycopg libpq" else said - there
        found += [f"{name}: {word} is not there any more" for word in sorted(missing)]
        found += [f"{name}: {word} is new" for word in sorted(there - said)]
    return found


def main(arguments: list[str]) -> int:
    """Run one of the three commands; the result is the exit code."""
    command, *files = arguments or ["check"]
    if command == "read":
        print(json.dumps(read(), indent=1))
        return 0
    if command == "write":
        facts = [json.loads(Path(file).read_text(encoding="utf-8")) for file in files]
        TABLES.write_text(text_of(facts), encoding="utf-8")
        return 0
    facts_here = read()
    wrong = differences(facts_here)
    print("\n".join(wrong) or f"The tables agree with SQLAlchemy {facts_here['version']}.")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
