"""Which words SQLAlchemy and the drivers accept, by release; read when a rule first asks."""

from __future__ import annotations

from functools import cache

from pool_lint.knowledge import tables

NEWEST = tables.VERSIONS[-1]
MEMORY_POOLS = {
    "sqlite": "SingletonThreadPool",
    "sqlite+pysqlite": "SingletonThreadPool",
    "sqlite+aiosqlite": "StaticPool",
}
# psycopg2 hands what it does not know to libpq, as psycopg 3 does.
PSYCOPG2 = frozenset(("dsn", "connection_factory", "cursor_factory", "async", "async_"))


def release_of(target: str | None) -> str:
    """Give the release whose tables hold for a version of SQLAlchemy.

    Args:
        target: the version that code is written for; what is not known is the newest.

    Returns:
        One of the releases of the tables: the last that is not newer.
    """
    if target is None:
        return NEWEST
    wanted = tuple(map(int, target.split(".")[:2]))
    fitting = [
        one for one in tables.VERSIONS if tuple(map(int, one.split(".")))[: len(wanted)] <= wanted
    ]
    return fitting[-1] if fitting else tables.VERSIONS[0]


def words(name: str, release: str) -> frozenset[str]:
    """Give the words of one table.

    Args:
        name: kind and name of the table: ``pool QueuePool``.
        release: a release of SQLAlchemy, as :func:`release_of` gives it.

    Returns:
        The words; none where the release does not know the name.
    """
    return _rows(release).get(name, frozenset())


@cache
def _rows(release: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in tables.TEXT.replace("\n  ", " ").splitlines():
        head, _, text = line.partition(":")
        name, _, where = head.rpartition(" ")
        if where == "*" or release in where.split(","):
            found[name] = found.get(name, frozenset()).union(text.split())
    return found


def flavour_of(scheme: str, release: str) -> str | None:
    """Say which engines the scheme of a URL works with.

    Args:
        scheme: ``postgresql+asyncpg``.
        release: a release of SQLAlchemy.

    Returns:
        "sync", "async" or "both"; None for a scheme that SQLAlchemy itself does not know.
    """
    for flavour in ("sync", "async", "both"):
        if scheme in words(f"schemes {flavour}", release):
            return flavour
    return None


def engine_keywords(maker: str, scheme: str, pool: str, release: str) -> frozenset[str]:
    """Give the keywords that a call takes.

    Args:
        maker: ``create_engine`` or ``create_async_engine``.
        scheme: the scheme of its URL, one of SQLAlchemy's own.
        pool: the name of its pool class, one of SQLAlchemy's own.
        release: a release of SQLAlchemy.

    Returns:
        All that it takes.
    """
    names = (f"engine {maker}", f"pool {pool}", "dialect common", f"dialect {scheme}")
    return frozenset().union(*(words(name, release) for name in names))


@cache
def any_keywords(release: str) -> frozenset[str]:
    """Give the keywords that some engine takes, whatever its database and pool."""
    rows = _rows(release)
    kinds = ("engine ", "pool ", "dialect ")
    return frozenset().union(*(rows[name] for name in rows if name.startswith(kinds)))


def connect_keywords(scheme: str, release: str) -> frozenset[str] | None:
    """Give what may stand in ``connect_args``.

    Args:
        scheme: the scheme of the engine's URL.
        release: a release of SQLAlchemy.

    Returns:
        All that the driver takes; None for a driver that is not known.
    """
    driver = driver_of(scheme, release)
    if driver == "asyncpg":
        return words("asyncpg connect", release) | words("adapted asyncpg", release)
    if driver == "psycopg":
        return words("psycopg connect", release) | words("psycopg libpq", release)
    if driver == "psycopg2":
        return PSYCOPG2 | words("psycopg libpq", release)
    return None


def driver_of(scheme: str, release: str) -> str | None:
    """Give the PostgreSQL driver behind a scheme; None for any other."""
    dialect, _, driver = scheme.partition("+")
    if dialect != "postgresql":
        return None
    usual = "psycopg" if release == NEWEST else "psycopg2"
    return {"psycopg_async": "psycopg", "": usual}.get(driver, driver)
