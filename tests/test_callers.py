"""Where the callers of a function are looked for, and where that ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from pool_lint.model import texts
from pool_lint.model.project import Project
from pool_lint.pipeline import lint

SERVICE = """\
from sqlalchemy import create_engine

def count_orders():
    engine = create_engine("postgresql://db", pool_recycle=1800, pool_pre_ping=True)
    try:
        with engine.connect() as connection:
            return connection.scalar("select 1")
    finally:
        engine.dispose()
"""
ROUTER = """\
from fastapi import APIRouter
from service import count_orders as count
from steps import run

router = APIRouter()

@router.get("/orders")
def orders():
    return run()
"""
STEPS = """\
from service import count_orders

def run():
    return count_orders()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in which a request leads to an engine."""
    (tmp_path / "pyproject.toml").write_text("")
    for name, text in (("service", SERVICE), ("steps", STEPS), ("router", ROUTER)):
        (tmp_path / f"{name}.py").write_text(text)
    return tmp_path


def found_in(project: Path) -> list[str]:
    """The codes of what is found in the service."""
    file = project / "service.py"
    findings = lint(file.read_bytes(), filename=str(file), project=Project())
    return [finding.code for finding in findings]


def test_a_request_in_another_file_is_found(project: Path) -> None:
    assert found_in(project) == ["POOL201"]


@pytest.mark.parametrize(
    "folder", ["tests", "scripts", "examples", ".hidden", "node_modules", "build", "environment"]
)
def test_what_is_not_the_application_is_not_searched(project: Path, folder: str) -> None:
    (project / folder).mkdir()
    (project / "environment").mkdir(exist_ok=True)
    (project / "environment" / "pyvenv.cfg").write_text("")
    (project / "router.py").rename(project / folder / "router.py")
    assert found_in(project) == []


def test_a_folder_of_its_own_is_searched(project: Path) -> None:
    (project / "web").mkdir()
    (project / "router.py").rename(project / "web" / "router.py")
    assert found_in(project) == ["POOL201"]


@pytest.mark.parametrize("name", ["test_router.py", "router_test.py", "conftest.py"])
def test_a_test_is_not_searched(project: Path, name: str) -> None:
    (project / "router.py").rename(project / name)
    assert found_in(project) == []


@pytest.mark.parametrize(
    ("module", "bound"),
    [(texts, "_MAX_FILES"), (texts, "_MAX_BYTES"), (texts, "_MAX_FOLDERS"), (texts, "_MAX_FILE")],
)
def test_what_is_too_much_is_not_searched(
    project: Path, module: object, bound: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, bound, 0)
    assert found_in(project) == []


def test_a_name_that_is_everywhere_is_not_asked_for(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "_MAX_NAMING", 1)
    assert found_in(project) == []


def test_a_file_that_cannot_be_read_is_passed_over(project: Path) -> None:
    (project / "broken.py").write_text("count_orders( =\n")
    (project / "binary.py").write_bytes(b"\x00count_orders(\xff")
    assert found_in(project) == ["POOL201"]


def test_functions_that_call_each_other_end(project: Path) -> None:
    (project / "steps.py").write_text(
        "from service import count_orders\n"
        "import router\n\n"
        "def run():\n    count_orders()\n    return again()\n\n"
        "def again():\n    return run()\n"
    )
    (project / "router.py").write_text(
        "import steps\n\ndef turn():\n    return steps.again()\n\ndef back():\n    return turn()\n"
    )
    assert found_in(project) == []


def test_a_file_on_its_own_has_no_callers(tmp_path: Path) -> None:
    assert not lint(SERVICE, filename="<string>", project=Project())
    assert not lint(SERVICE, filename=str(tmp_path / "service.py"), project=None)
