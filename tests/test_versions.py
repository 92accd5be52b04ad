"""The versions that a project is for, as its files say."""

from __future__ import annotations

from pathlib import Path

import pytest

from pool_lint.model.project import Project
from pool_lint.model.versions import Versions
from pool_lint.pipeline import lint
from pool_lint.settings import Settings

LOCK = """\
version = 1

[[package]]
name = "sqlalchemy"
version = "2.0.36"
source = { registry = "https://pypi.org/simple" }
"""


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("uv.lock", LOCK, "2.0.36"),
        ("poetry.lock", LOCK.replace("sqlalchemy", "SQLAlchemy"), "2.0.36"),
        ("poetry.lock", LOCK.replace("\n", "\r\n"), "2.0.36"),
        ("pdm.lock", LOCK.replace("2.0.36", "2.1.0b1"), "2.1.0"),
        ("uv.lock", LOCK.replace("sqlalchemy", "flask-sqlalchemy"), None),
        ("requirements.txt", "fastapi\nSQLAlchemy==1.4.50\n", "1.4.50"),
        ("requirements.txt", "sqlalchemy[asyncio] >= 2.0, < 2.1  # not yet\n", "2.0.999"),
        ("requirements.txt", "sqlalchemy<2\r\n", "1.999"),
        ("requirements.txt", "sqlalchemy<2.0.0", "1.999"),
        ("requirements.txt", "sqlalchemy~=2.0.3; python_version > '3'\n", "2.0.999"),
        ("requirements.txt", "sqlalchemy==2.0.*\n", "2.0.999"),
        ("requirements.txt", "sqlalchemy>=2.0\n", None),
        ("requirements.txt", "sqlalchemy\n", None),
        ("requirements.txt", "sqlalchemy-utils==0.41\n", None),
        ("requirements.txt", "# sqlalchemy==1.4\n", None),
        ("requirements/base.txt", "sqlalchemy==1.4.1\n", "1.4.1"),
        ("pyproject.toml", '[project]\ndependencies = ["sqlalchemy>=2,<2.1"]\n', "2.0.999"),
        ("pyproject.toml", '[project]\ndependencies = ["sqlalchemy (>=2.0,<3.0)"]\n', "2.999"),
        ("pyproject.toml", '[project]\ndependencies = ["sqlalchemy"]\n', None),
        ("pyproject.toml", '[tool.poetry.dependencies]\nSQLAlchemy = "^1.4.2"\n', "1.999"),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\nsqlalchemy = {extras = ["asyncio"], version = "~2.0"}\n',
            "2.0.999",
        ),
        ("pyproject.toml", '[tool.poetry.dependencies]\nsqlalchemy = "*"\n', None),
        ("pyproject.toml", '[project]\nname = "shop"\n', None),
    ],
)
def test_what_a_file_says(tmp_path: Path, name: str, text: str, expected: str | None) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode())
    (tmp_path / "app").mkdir()
    found = Versions().of("sqlalchemy", str(tmp_path / "app"), str(tmp_path))
    assert found == expected


def test_a_lock_outranks_requirements_and_the_nearest_folder_others(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('dependencies = ["sqlalchemy<2"]')
    inner = tmp_path / "services" / "shop"
    inner.mkdir(parents=True)
    versions = Versions()
    assert versions.of("sqlalchemy", str(inner), str(tmp_path)) == "1.999"
    (inner / "requirements.txt").write_text("sqlalchemy==2.0.1")
    assert versions.of("sqlalchemy", str(inner), str(tmp_path)) == "1.999", "is asked once"
    assert Versions().of("sqlalchemy", str(inner), str(tmp_path)) == "2.0.1"
    (inner / "uv.lock").write_text(LOCK)
    assert Versions().of("sqlalchemy", str(inner), str(tmp_path)) == "2.0.36"


def test_nothing_outside_of_the_project_counts(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("sqlalchemy==1.4.1")
    root = tmp_path / "shop"
    root.mkdir()
    assert Versions().of("sqlalchemy", str(root), str(root)) is None


MAKER = b"""\
from sqlalchemy.orm import sessionmaker

new_session = sessionmaker(autocommit=True)
"""


def test_a_rule_asks_for_the_version(tmp_path: Path) -> None:
    path = tmp_path / "app.py"
    path.write_bytes(MAKER)

    def codes(settings: Settings) -> list[str]:
        found = lint(MAKER, filename=str(path), settings=settings, project=Project())
        return [one.code for one in found]

    assert codes(Settings()) == ["POOL316"]
    (tmp_path / "pyproject.toml").write_text('dependencies = ["sqlalchemy~=1.4.0"]')
    assert codes(Settings()) == []
    assert codes(Settings(target_sqlalchemy="2.0")) == ["POOL316"]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("pyproject.toml", '[project]\nrequires-python = ">=3.10"\n', "3.10"),
        ("pyproject.toml", 'requires-python = ">=3.10,<4"', "3.10"),
        ("pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.12"\n', "3.12"),
        ("pyproject.toml", '[tool.other]\npython = "python3"\n', None),
        ("setup.cfg", "[options]\npython_requires = >=3.10\n", "3.10"),
        ("setup.py", 'setup(\n    python_requires=">=3.11",\n)\n', "3.11"),
        ("pyproject.toml", 'requires-python = "<4"', None),
        ("uv.lock", 'requires-python = ">=3.10"\n', None),
    ],
)
def test_which_python_a_project_runs_on(
    tmp_path: Path, name: str, text: str, expected: str | None
) -> None:
    (tmp_path / name).write_text(text)
    assert Versions().python(str(tmp_path), str(tmp_path)) == expected


def test_a_rule_asks_for_the_oldest_python(tmp_path: Path) -> None:
    source = """\
import asyncpg


async def first(pool: asyncpg.Pool) -> int | None:
    try:
        async with pool.acquire(timeout=1) as connection:
            return await connection.fetchval("select 1")
    except TimeoutError:
        return None
"""
    folder = tmp_path / "shop"
    folder.mkdir()

    def codes(settings: Settings) -> list[str]:
        found = lint(source, filename=str(folder / "a.py"), settings=settings, project=Project())
        return [one.code for one in found]

    (tmp_path / "pyproject.toml").write_text('[project]\nrequires-python = ">=3.11"\n')
    assert codes(Settings()) == []
    (tmp_path / "pyproject.toml").write_text('[project]\nrequires-python = ">=3.10"\n')
    assert codes(Settings()) == ["POOL603"]
    assert codes(Settings(target_python="3.12")) == []
