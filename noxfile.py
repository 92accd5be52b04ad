"""Everything that depends on a version, in environments of its own: ``nox`` runs it all."""

from __future__ import annotations

from pathlib import Path

import nox

nox.options.default_venv_backend = "venv"
nox.options.error_on_missing_interpreters = False
nox.needs_version = ">=2024.4"

PYTHONS = ["3.10", "3.11", "3.12", "3.13", "3.14"]
SQLALCHEMYS = ["1.4", "2.0", "2.1"]
GENERATOR = "tools/generate_knowledge.py"
FLAKE8_TESTS = ["tests/test_flake8.py", "tests/test_fixtures.py", "tests/test_suppression.py"]


@nox.session
def lint(session: nox.Session) -> None:
    """Check the code with ruff."""
    session.install(".[lint]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types with mypy."""
    session.install(".[lint]")
    session.run("mypy", "--strict", "src")


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run all tests with the newest versions of everything."""
    session.install("-e", ".[test]")
    session.run("pytest", *session.posargs)


@nox.session(python="3.11")
@nox.parametrize("version", ["==6.0.0", ""], ids=["oldest", "newest"])
def flake8(session: nox.Session, version: str) -> None:
    """Run the plugin's tests on the oldest and on the newest flake8 that is supported."""
    session.install("-e", ".[test]", f"flake8{version}")
    session.run("flake8", "--version")
    session.run("pytest", *(session.posargs or FLAKE8_TESTS))


@nox.session(python="3.11")
def every_row(session: nox.Session) -> None:
    """Cut each fixture at every row, and lint what is left."""
    session.install("-e", ".[test]")
    session.run("pytest", "tests/test_never_raises.py", env={"NEVER_RAISES_ROWS": "100000"})


@nox.session(python="3.10")
def oldest(session: nox.Session) -> None:
    """Run all tests on the oldest versions of what pool-lint needs at run time."""
    session.install(
        "-e", ".[test]", "flake8==6.0.0", "libcst==1.8.6", "pathspec==0.12.0", "tomli==2.0.0"
    )
    session.run("pytest", *session.posargs)


@nox.session(python="3.11")
def differential(session: nox.Session) -> None:
    """Compare the model with real databases on as many generated programs as are asked for."""
    session.install("-e", ".[test]")
    session.run("python", "tests/differential", *session.posargs)


@nox.session(python="3.11")
def fixes(session: nox.Session) -> None:
    """Try every fix on the projects whose directories are given, each on a copy."""
    session.install("-e", ".")
    session.run("python", "tools/check_fixes.py", *session.posargs)


@nox.session(python="3.11")
@nox.parametrize("version", SQLALCHEMYS)
def knowledge(session: nox.Session, version: str) -> None:
    """Compare the tables of what the libraries accept with the libraries themselves."""
    session.install("-e", ".[test]", f"sqlalchemy[asyncio]=={version}.*")
    session.run("pytest", *(session.posargs or ["tests/test_knowledge.py"]))


@nox.session(python="3.11")
def tables(session: nox.Session) -> None:
    """Write the tables of what the libraries accept anew."""
    files = []
    for version in SQLALCHEMYS:
        session.install("asyncpg", "psycopg[binary]", f"sqlalchemy[asyncio]=={version}.*")
        files.append(str(Path(session.create_tmp()) / f"{version}.json"))
        facts = session.run("python", "-W", "ignore", GENERATOR, "read", silent=True)
        Path(files[-1]).write_text(str(facts), encoding="utf-8")
    session.run("python", GENERATOR, "write", *files)
