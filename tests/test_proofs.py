"""Every rule is proven: its bad program fails on a real server as its page says, its good one works.

A proof is a folder in ``tests/proofs/`` with ``bad.py`` and ``good.py``, which differ by the mistake
alone.  Both are run in a process of their own, and both are linted.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from project_tools import load_tool

from pool_lint import lint
from pool_lint.fixing.fixer import fix_text
from pool_lint.rules import RULES
from pool_lint.settings import Settings

PROOFS = Path(__file__).parent / "proofs"
check_fixes = load_tool("check_fixes")

EXHAUSTED = (
    "sqlalchemy.exc.TimeoutError: QueuePool limit of size 2 overflow 0 reached, connection timed "
    "out, timeout 1.00"
)
REFUSED = "remaining connection slots are reserved for roles with the SUPERUSER attribute"
# Python says these in other words from one version to the next; the pages quote them all.
AWAITED_NOTHING = (
    "'NoneType' object can't be awaited"
    if sys.version_info >= (3, 14)
    else "object NoneType can't be used in 'await' expression"
)
ENTERED_SYNC = (
    "'AsyncSession' object does not support the context manager protocol"
    if sys.version_info >= (3, 11)
    else "AttributeError: __enter__"
)


class Proof(NamedTuple):
    """What a proof is about.

    ``errors`` are the texts which the bad program prints and the page of the rule quotes,
    ``beside`` are codes that both programs show because the mistake of the proof needs them,
    ``settings`` what its rule has to be told.
    """

    code: str
    errors: tuple[str, ...]
    beside: tuple[str, ...] = ()
    settings: Settings | None = None


TABLE = {
    "missing-pool-pre-ping": Proof(
        "POOL102", ("sqlalchemy.exc.InterfaceError", "connection is closed")
    ),
    "recycle-longer-than-idle-timeout": Proof(
        "POOL101", ("sqlalchemy.exc.InterfaceError", "connection is closed"), beside=("POOL102",)
    ),
    "unlimited-pool-size-0": Proof("POOL103", (REFUSED,)),
    "unlimited-max-overflow": Proof("POOL103", (REFUSED,)),
    "negative-max-overflow": Proof("POOL103", ("RecursionError",)),
    "pool-timeout-none": Proof("POOL104", ("still waiting for a connection",)),
    "pool-argument-with-nullpool": Proof(
        "POOL105",
        (
            (
                "TypeError: Invalid argument(s) 'pool_size' sent to create_engine(), using "
                "configuration PGDialect_asyncpg/NullPool/Engine."
            ),
        ),
    ),
    "invalid-engine-argument-dialect-options": Proof(
        "POOL106",
        (
            (
                "TypeError: Invalid argument(s) 'dialect_options' sent to create_engine(), using "
                "configuration PGDialect_asyncpg/AsyncAdaptedQueuePool/Engine."
            ),
        ),
    ),
    "future-false": Proof(
        "POOL106",
        (
            (
                "sqlalchemy.exc.ArgumentError: The 'future' parameter passed to create_engine() "
                "may only be set to True."
            ),
        ),
    ),
    "pool-size-is-text": Proof(
        "POOL106", ("TypeError: unsupported operand type(s) for -: 'int' and 'str'",)
    ),
    "queuepool-with-async-engine": Proof(
        "POOL107",
        ("sqlalchemy.exc.ArgumentError: Pool class QueuePool cannot be used with asyncio engine",),
    ),
    "static-pool-on-server-database": Proof(
        "POOL108",
        ("the committed row is not there",),
        # The mended program has two connections at a time, where the bad one has but one.
        settings=Settings(ignore=("POOL412",)),
    ),
    "sync-driver-in-async-engine": Proof(
        "POOL109",
        (
            (
                "sqlalchemy.exc.InvalidRequestError: The asyncio extension requires an async "
                "driver to be used. The loaded 'pysqlite' is not async."
            ),
        ),
    ),
    "async-driver-in-sync-engine": Proof(
        "POOL110",
        ("sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called; can't call await_",),
    ),
    "postgres-scheme": Proof(
        "POOL111",
        (("sqlalchemy.exc.NoSuchModuleError: Can't load plugin: sqlalchemy.dialects:postgres"),),
    ),
    "connect-timeout-with-asyncpg": Proof(
        "POOL112",
        ("TypeError: connect() got an unexpected keyword argument 'connect_timeout'",),
    ),
    "statement-timeout-in-connect-args": Proof(
        "POOL112", ("TypeError: connect() got an unexpected keyword argument",)
    ),
    "options-with-asyncpg": Proof(
        "POOL112", ("TypeError: connect() got an unexpected keyword argument",)
    ),
    "server-settings-with-psycopg": Proof(
        "POOL112",
        (
            (
                "sqlalchemy.exc.ProgrammingError: (psycopg.ProgrammingError) invalid connection "
                'option "server_settings"'
            ),
        ),
    ),
    "server-settings-not-str": Proof(
        "POOL113", ("server_settings is expected to be None or a Dict[str, str]",)
    ),
    "sslmode-in-asyncpg-url": Proof(
        "POOL114", ("TypeError: connect() got an unexpected keyword argument 'sslmode'",)
    ),
    "pool-reset-disabled": Proof(
        "POOL115", ("the next user sees 1 uncommitted rows",), beside=("POOL102",)
    ),
    "engine-url-str-masks-password": Proof("POOL116", ("password is '***'",)),
    "recycle-zero": Proof("POOL119", ("connections opened for 20 requests",)),
    "recycle-too-long": Proof(
        "POOL120",
        ("sqlalchemy.exc.InterfaceError", "connection is closed"),
        beside=("POOL102",),
        settings=Settings(idle_timeout=2),
    ),
    "silently-dropped-connection": Proof("POOL101", ("the ping itself hung",)),
    "ignored-flask-pool-setting": Proof(
        "POOL121", ("the pool has size 5, overflow 10, recycle -1, timeout 30.0",)
    ),
    "engine-per-request": Proof(
        "POOL201",
        ("remaining connection slots are reserved for roles with the SUPERUSER attribute",),
    ),
    "unawaited-dispose": Proof(
        "POOL202", ("RuntimeWarning: coroutine 'AsyncEngine.dispose' was never awaited",)
    ),
    "pool-left-open": Proof("POOL203", ("connections that nobody closed: 10",)),
    "dispose-per-request": Proof("POOL204", ("20 connections opened for 20 requests",)),
    "engine-across-event-loops": Proof("POOL205", ("attached to a different loop",)),
    "fork-with-warm-pool": Proof(
        "POOL206",
        # How they fail depends on the moment.
        ("the forked processes failed or hung",),
    ),
    "dispose-after-fork": Proof(
        "POOL206",
        (
            (
                "sqlalchemy.exc.OperationalError: (psycopg.OperationalError) consuming input "
                "failed: server closed the connection unexpectedly"
            ),
        ),
        beside=("POOL102",),
    ),
    "lifespan-and-on-event": Proof(
        "POOL207", ("AttributeError: 'State' object has no attribute 'names'",)
    ),
    "cached-async-factory": Proof(
        "POOL208", ("RuntimeError: cannot reuse already awaited coroutine",)
    ),
    "event-listener-on-async-engine": Proof(
        "POOL209",
        (
            "NotImplementedError: asynchronous events are not implemented at this time.",
            "Apply synchronous listeners to the AsyncEngine.sync_engine",
        ),
    ),
    "async-event-listener": Proof(
        "POOL210",
        (
            "the listener ran 0 times",
            "RuntimeWarning: coroutine 'on_connect' was never awaited",
        ),
    ),
    "async-expire-on-commit": Proof(
        "POOL301",
        ("sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called; can't call await_",),
    ),
    "session-not-closed": Proof("POOL302", (EXHAUSTED,)),
    "session-closed-on-success": Proof("POOL302", (EXHAUSTED,)),
    "connection-not-closed": Proof("POOL303", (EXHAUSTED,)),
    "chained-connect-execute": Proof("POOL303", (EXHAUSTED,)),
    "use-after-close": Proof("POOL314", (EXHAUSTED,)),
    "session-returned-from-its-block": Proof("POOL314", (EXHAUSTED,)),
    "module-level-session": Proof(
        "POOL304",
        (
            (
                "sqlalchemy.exc.InvalidRequestError: This session is provisioning a new "
                "connection; concurrent operations are not permitted"
            ),
        ),
    ),
    "session-as-default-argument": Proof("POOL304", ("still checked out after the call: 1",)),
    "dependency-returns-session": Proof("POOL305", (EXHAUSTED,)),
    "dependency-yield-without-close": Proof("POOL306", (EXHAUSTED,)),
    "next-on-generator-dependency": Proof("POOL307", (EXHAUSTED,)),
    "generator-dependency-with-return": Proof("POOL308", ("the row was not saved",)),
    "dependency-is-contextmanager": Proof(
        "POOL309",
        # What follows depends on the release of FastAPI.
        ("'_AsyncGeneratorContextManager' object",),
    ),
    "dependency-is-sessionmaker": Proof(
        "POOL309", ('"loc":["query","local_kw"],"msg":"Field required"',)
    ),
    "commit-after-yield": Proof("POOL310", ("the client was told 200 and nothing was saved",)),
    "sessionmaker-bound-to-connection": Proof(
        "POOL311",
        ("sqlalchemy.exc.InvalidRequestError: This transaction is inactive",),
        beside=("POOL412",),
    ),
    "sessionmaker-bound-to-async-engine": Proof(
        "POOL311",
        (
            (
                "sqlalchemy.ext.asyncio.exc.AsyncContextNotStarted: AsyncConnection context has "
                "not been started and object has not been awaited."
            ),
        ),
    ),
    "sync-with-on-async-session": Proof("POOL312", (ENTERED_SYNC,)),
    "sessionmaker-autocommit": Proof(
        "POOL316", ("sqlalchemy.exc.ArgumentError: autocommit=True is no longer supported",)
    ),
    "session-held-while-streaming": Proof("POOL315", (EXHAUSTED,)),
    "returns-result-object": Proof(
        "POOL317",
        ("TypeError('cannot convert dictionary update sequence element #0 to a sequence')",),
    ),
    "external-call-in-transaction": Proof("POOL401", (EXHAUSTED,)),
    "blocking-call-in-async-transaction": Proof("POOL403", ("event loop blocked",)),
    "begin-after-autobegin": Proof(
        "POOL404",
        ("sqlalchemy.exc.InvalidRequestError: A transaction is already begun on this Session.",),
    ),
    "connect-write-without-commit": Proof("POOL405", ("the row was not saved",)),
    "session-write-without-commit": Proof("POOL406", ("the row was not saved",)),
    "commit-inside-begin-then-use": Proof(
        "POOL407",
        ("sqlalchemy.exc.InvalidRequestError: Can't operate on closed transaction inside context",),
    ),
    "swallowed-error-in-begin": Proof(
        "POOL408", ("the block ended without an exception and saved nothing",)
    ),
    "commit-while-streaming": Proof(
        "POOL413",
        (
            (
                "asyncpg.exceptions.NoActiveSQLTransactionError: cursor cannot be created outside "
                "of a transaction"
            ),
        ),
    ),
    "nested-session-checkout": Proof("POOL412", (EXHAUSTED,)),
    "asyncpg-nested-acquire": Proof("POOL412", ("TimeoutError",)),
    "yield-inside-begin": Proof(
        "POOL414",
        (
            (
                "sqlalchemy.exc.InvalidRequestError: Can't operate on closed transaction inside "
                "context manager."
            ),
        ),
    ),
    "retry-without-rollback": Proof(
        "POOL409",
        (
            (
                "sqlalchemy.exc.PendingRollbackError: This Session's transaction has been rolled "
                "back due to a previous exception during flush."
            ),
        ),
    ),
    "retry-catches-wrong-exception": Proof(
        "POOL410",
        (
            (
                "sqlalchemy.exc.InterfaceError: "
                "(sqlalchemy.dialects.postgresql.asyncpg.InterfaceError) connection is closed"
            ),
        ),
        beside=("POOL102",),
    ),
    "session-level-set": Proof(
        "POOL411", ("the next user of the connection sees search_path=tenant_a",)
    ),
    "unawaited-commit": Proof(
        "POOL501",
        (
            "RuntimeWarning: coroutine 'AsyncSession.commit' was never awaited",
            "the row was not saved",
        ),
    ),
    "unawaited-execute": Proof("POOL501", ("the row was not saved",)),
    "unawaited-delete": Proof("POOL501", ("the row is still there",)),
    "unawaited-flush": Proof("POOL501", ("item.id is None",)),
    "unawaited-rollback": Proof(
        "POOL501",
        ("current transaction is aborted, commands ignored until end of transaction block",),
    ),
    "unawaited-close": Proof(
        "POOL501",
        ("QueuePool limit of size 2 overflow 0 reached, connection timed out, timeout 1.00",),
    ),
    "awaited-sync-call": Proof("POOL502", (AWAITED_NOTHING,)),
    "awaited-sync-engine-dispose": Proof("POOL502", (AWAITED_NOTHING,)),
    "gather-on-one-session": Proof(
        "POOL503",
        (
            (
                "sqlalchemy.exc.IllegalStateChangeError: Method 'close()' can't be called here; "
                "method '_connection_for_bind()' is already in progress"
            ),
        ),
    ),
    "asyncpg-gather-on-one-connection": Proof(
        "POOL503",
        (
            (
                "asyncpg.exceptions._base.InterfaceError: cannot perform operation: another "
                "operation is in progress"
            ),
        ),
    ),
    "create-task-gets-session": Proof("POOL504", ("connections that nobody gave back: 1",)),
    "background-task-gets-session": Proof("POOL504", (EXHAUSTED,)),
    "session-shared-between-threads": Proof(
        "POOL506",
        # Which one it is depends on the moment.
        ("sqlalchemy.exc.",),
    ),
    "gather-opens-a-session-each": Proof("POOL507", (EXHAUSTED,)),
    "scoped-session-among-coroutines": Proof("POOL313", ("both requests had the same session",)),
    "sync-session-in-async-def": Proof("POOL505", ("event loop blocked",)),
    "asyncpg-acquire-without-release": Proof("POOL601", ("TimeoutError",)),
    "asyncpg-release-not-awaited": Proof(
        "POOL601", ("RuntimeWarning: coroutine 'Pool.release' was never awaited",)
    ),
    "asyncpg-use-after-release": Proof(
        "POOL607",
        (
            (
                "asyncpg.exceptions._base.InterfaceError: cannot call Connection.fetchval(): "
                "connection has been released back to the pool"
            ),
        ),
    ),
    "asyncpg-cursor-outside-transaction": Proof(
        "POOL608",
        ("NoActiveSQLTransactionError: cursor cannot be created outside of a transaction",),
    ),
    "asyncpg-wrong-timeout-exception": Proof("POOL603", ("TimeoutError:",)),
    "asyncpg-init-with-set": Proof("POOL609", ("the timezone is ['Asia/Tokyo', ",)),
    "asyncpg-acquire-without-timeout": Proof(
        "POOL602",
        ("still waiting for a connection",),
        settings=Settings(extend_select=("POOL602",)),
    ),
    "asyncpg-unbounded-pool-close": Proof(
        "POOL612", ("close() is still waiting",), settings=Settings(extend_select=("POOL612",))
    ),
    "asyncpg-pgbouncer-statement-cache": Proof(
        "POOL611",
        ('prepared statement "__asyncpg_stmt_',),
        settings=Settings(transaction_pooler=True),
    ),
    "sqlalchemy-pgbouncer-statement-cache": Proof(
        "POOL611",
        ('prepared statement "__asyncpg_stmt_',),
        settings=Settings(transaction_pooler=True),
    ),
    "asyncpg-private-pool-attribute": Proof(
        "POOL610",
        (("len(pool._holders) is 10, pool._queue.qsize() is 9, and the server has 1 connection"),),
    ),
    "asyncpg-max-size-below-default-min": Proof(
        "POOL604", ("ValueError: min_size is greater than max_size",)
    ),
    "asyncpg-sqlalchemy-url": Proof(
        "POOL605",
        (
            (
                "asyncpg.exceptions._base.ClientConfigurationError: invalid DSN: scheme is expected "
                'to be either "postgresql" or "postgres", got \'postgresql+asyncpg\''
            ),
        ),
    ),
    "asyncpg-sqlalchemy-keyword": Proof(
        "POOL605", ("TypeError: connect() got an unexpected keyword argument 'pool_size'",)
    ),
    "asyncpg-pool-not-awaited": Proof(
        "POOL606", ("asyncpg.exceptions._base.InterfaceError: pool is not initialized",)
    ),
}

# What a fix cannot mend of these programs.
HALF_MENDED = {
    "pool-timeout-none": "half a minute is the default, and the proof does not wait so long",
    "asyncpg-acquire-without-timeout": "the fix waits for half a minute, and the proof not so long",
    "asyncpg-unbounded-pool-close": "the fix waits for ten seconds, and the proof not so long",
    "silently-dropped-connection": "the fix writes half an hour, and the firewall forgets at once",
    "blocking-call-in-async-transaction": "the call stops the event loop behind the block as well",
}

every_proof = pytest.mark.parametrize("name", TABLE)
# A mistake can be proven before there is a rule that finds it.
every_proof_with_a_rule = pytest.mark.parametrize(
    "name", [name for name, proof in TABLE.items() if proof.code in RULES]
)


def run(name: str, half: str, url: str) -> tuple[int, str]:
    """Run one half of a proof and return its exit code and all it printed."""
    return run_file(PROOFS / name / half, url)


def run_file(path: Path, url: str) -> tuple[int, str]:
    """Run a program of a proof, wherever it lies."""
    pooler = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")
    if pooler is None and "probe.Pooler(" in path.read_text(encoding="utf-8"):
        pytest.skip("this proof needs PgBouncer, of which there is no package for Python")
    done = subprocess.run(
        [sys.executable, "-W", "always", PROOFS / "probe.py", path],
        env={**os.environ, "PROOF_URL": url, "PROOF_PGBOUNCER": pooler or ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=30,
        check=False,
    )
    return done.returncode, done.stdout


def codes(name: str, half: str) -> set[str]:
    """Lint one half of a proof."""
    path = PROOFS / name / half
    settings = TABLE[name].settings
    found = lint(path.read_bytes(), filename=str(path), settings=settings)
    return {finding.code for finding in found}


def mended(name: str) -> bytes | None:
    """The bad half as the fixes leave it; None where they do not mend the mistake of the proof."""
    path = PROOFS / name / "bad.py"
    result = fix_text(
        path.read_bytes(), filename=str(path), settings=TABLE[name].settings, unsafe=True
    )
    return result.data if TABLE[name].code in {one.code for one in result.applied} else None


@every_proof_with_a_rule
def test_every_fix_keeps_its_promises(name: str) -> None:
    for half in ("bad.py", "good.py"):
        path = PROOFS / name / half
        for unsafe in (False, True):
            outcome = check_fixes.check_file(
                path.read_bytes(),
                filename=str(path),
                settings=TABLE[name].settings,
                unsafe=unsafe,
            )
            assert not outcome.failures


def test_table_names_every_proof() -> None:
    assert {path.parent.name for path in PROOFS.glob("*/*.py")} == set(TABLE)


@every_proof
def test_bad_program_fails_as_the_page_says(name: str, postgres_url: str) -> None:
    code, output = run(name, "bad.py", postgres_url)
    assert code == 1 and "FAILED" in output, output
    for error in TABLE[name].errors:
        assert error in output


@every_proof
def test_good_program_is_healthy(name: str, postgres_url: str) -> None:
    code, output = run(name, "good.py", postgres_url)
    assert code == 0 and "HEALTHY" in output, output
    assert "never awaited" not in output


@every_proof_with_a_rule
def test_mended_program_is_healthy(name: str, postgres_url: str, tmp_path: Path) -> None:
    data = mended(name)
    if data is None or name in HALF_MENDED:
        pytest.skip(HALF_MENDED.get(name, "the mistake of this proof has no fix, or not here"))
    path = tmp_path / "mended.py"
    path.write_bytes(data)
    code, output = run_file(path, postgres_url)
    assert code == 0 and "HEALTHY" in output, output


@every_proof_with_a_rule
def test_page_quotes_the_error(name: str) -> None:
    proof = TABLE[name]
    page = " ".join(RULES[proof.code].page.split())
    for error in proof.errors:
        assert error in page


@every_proof_with_a_rule
def test_bad_program_is_reported(name: str) -> None:
    proof = TABLE[name]
    assert codes(name, "bad.py") == {proof.code, *proof.beside}


@every_proof_with_a_rule
def test_good_program_is_not_reported(name: str) -> None:
    assert codes(name, "good.py") == set(TABLE[name].beside)
