"""# invalid-connect-args (POOL112)

`connect_args` holds something that the driver does not take.

## What it does

Reports entries of `connect_args` that the engine's driver refuses: `connect_timeout`, `sslmode`,
`options`, `statement_timeout`, `application_name`, `keepalives` with asyncpg; `timeout`,
`command_timeout`, `server_settings`, `ssl` with psycopg; `check_same_thread` with anything but
SQLite. The driver is known from the URL, or from entries that asyncpg alone takes.

## Why it hurts

The engine is made without complaint. The first connection fails (SQLAlchemy 2.1.9 and 2.0.57,
asyncpg 0.32, psycopg 3.3):

```text
TypeError: connect() got an unexpected keyword argument 'connect_timeout'
```

and with psycopg:

```text
sqlalchemy.exc.ProgrammingError: (psycopg.ProgrammingError) invalid connection option
"server_settings"
```

## Example

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    connect_args={"connect_timeout": 5, "statement_timeout": 30000},
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

## Use instead

```python
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    connect_args={"timeout": 5, "server_settings": {"statement_timeout": "30000"}},
    pool_recycle=1800,
    pool_pre_ping=True,
)
```

| what is meant | asyncpg | psycopg, psycopg2 |
|---|---|---|
| time to connect | `timeout` | `connect_timeout` |
| TLS | `ssl` | `sslmode` |
| a statement's time, by the server | `server_settings` as above | `"-c statement_timeout=30000"` |
| a statement's time, by the client | `command_timeout` | none |
| name in `pg_stat_activity` | `application_name` in `server_settings` | `application_name` |
| keepalives | the server's, `tcp_keepalives_idle` in `server_settings` | `keepalives_idle` |

What begins with `-c` is the value of `options`.

## Fix safety

Safe, where each entry has a counterpart with the same meaning: it is renamed, or becomes one of the
settings of the server. `check_same_thread` is taken away. Where one entry has no counterpart,
nothing is edited. Unsafe where the entries stand in a constant, which other modules may use; where
the same file uses it twice, nothing is edited.

## When not to use it

Always use it. Where neither the URL nor the entries show which driver it is, the rule is silent.

## References

* asyncpg: connect():
  <https://magicstack.github.io/asyncpg/current/api/index.html#asyncpg.connection.connect>
* libpq: parameter key words:
  <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Applicability, Level
from pool_lint.model import rewriting
from pool_lint.model.engine_calls import engine_calls
from pool_lint.model.report import Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.engine_calls import EngineCall
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for engine in engine_calls(model):
        if "connect_args" in engine.certain and not engine.is_special:
            yield from _refused(engine)


def _refused(engine: EngineCall) -> Iterable[Report]:
    from pool_lint.model import connect_args as args

    scope = engine.creation.scope
    mapping = args.mapping_of(engine.certain["connect_args"], scope)
    known = args.entries(mapping, scope) if mapping is not None else []
    driver = args.driver_of(engine, {entry.name for entry in known})
    taken = args.taken_by(driver, engine.release) if driver is not None else None
    if mapping is None or driver is None or taken is None:
        return
    wrong = [entry for entry in known if entry.name not in taken]
    if not wrong:
        return
    if args.drop_whole(engine, wrong, mapping):
        fix = rewriting.drop(engine, ["connect_args"], Applicability.SAFE)
    else:
        fix = args.Mending(mapping, known, driver).fix(wrong, engine.safety_of("connect_args"))
    if not engine.is_alone(engine.certain["connect_args"]):
        fix = None
    listed = " and ".join(f"`{entry.name}`" for entry in wrong)
    yield Report(
        engine.call,
        f"{driver} does not take {listed}: the first connection fails",
        _ADVICE.get((driver == "asyncpg", wrong[0].name), "drop it"),
        fix=fix,
    )


_ADVICE = {
    (True, "connect_timeout"): "write `timeout`",
    (True, "sslmode"): "write `ssl`",
    (True, "options"): "write `server_settings`",
    (True, "statement_timeout"): 'write `"server_settings": {"statement_timeout": "..."}`',
    (True, "application_name"): 'write `"server_settings": {"application_name": "..."}`',
    (True, "keepalives_idle"): 'write `"server_settings": {"tcp_keepalives_idle": "..."}`',
    (True, "check_same_thread"): "drop it: it is an argument of SQLite's",
    (False, "timeout"): "write `connect_timeout`",
    (False, "ssl"): "write `sslmode`",
    (False, "server_settings"): 'write `"options": "-c name=value"`',
    (False, "statement_timeout"): 'write `"options": "-c statement_timeout=..."`',
    (False, "command_timeout"): 'write `"options": "-c statement_timeout=..."`',
    (False, "check_same_thread"): "drop it: it is an argument of SQLite's",
}

RULE = Rule(
    code="POOL112",
    name="invalid-connect-args",
    level=Level.ERROR,
    summary="connect_args holds a keyword that the driver refuses",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "TypeError: connect() got an unexpected keyword argument 'connect_timeout'",
        "TypeError: connect() got an unexpected keyword argument 'sslmode'",
        "TypeError: connect() got an unexpected keyword argument 'options'",
        "TypeError: connect() got an unexpected keyword argument 'statement_timeout'",
        "TypeError: connect() got an unexpected keyword argument 'check_same_thread'",
        (
            "sqlalchemy.exc.ProgrammingError: (psycopg.ProgrammingError) invalid connection "
            'option "server_settings"'
        ),
        (
            "sqlalchemy.exc.ProgrammingError: (psycopg2.ProgrammingError) invalid dsn: invalid "
            'connection option "timeout"'
        ),
    ),
)
