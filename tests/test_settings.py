"""Selection of rules and the settings of one file."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from pool_lint.settings import Settings


@pytest.mark.parametrize(
    ("settings", "code", "default", "expected"),
    [
        (Settings(), "POOL101", True, True),
        (Settings(), "POOL402", False, False),
        (Settings(select=("POOL4",)), "POOL101", True, False),
        (Settings(select=("POOL4",)), "POOL402", False, True),
        (Settings(select=("POOL",)), "POOL402", False, False),
        (Settings(select=("POOL",)), "POOL401", True, True),
        (Settings(select=("ALL",)), "POOL402", False, True),
        (Settings(select=()), "POOL101", True, False),
        (Settings(extend_select=("POOL402",)), "POOL402", False, True),
        (Settings(extend_select=("POOL402",)), "POOL101", True, True),
        (Settings(ignore=("POOL1",)), "POOL101", True, False),
        (Settings(ignore=("POOL1",), select=("POOL101",)), "POOL101", True, True),
        (Settings(ignore=("POOL101",), select=("POOL1",)), "POOL101", True, False),
        (Settings(ignore=("POOL101",), select=("POOL1",)), "POOL102", True, True),
        (Settings(ignore=("POOL101",), select=("POOL101",)), "POOL101", True, False),
        (Settings(extend_ignore=("POOL101",)), "POOL101", True, False),
        (Settings(ignore=("ALL",)), "POOL101", True, False),
        (Settings(ignore=("ALL",), extend_select=("POOL201",)), "POOL201", True, True),
        (Settings(select=("POOL101",), file_ignores=("POOL",)), "POOL101", True, False),
    ],
)
def test_the_longest_selector_decides(
    settings: Settings, code: str, default: bool, expected: bool
) -> None:
    assert settings.enabled(code, default) is expected


@pytest.mark.parametrize(
    ("pattern", "filename", "silent"),
    [
        ("tests/*", "tests/test_a.py", True),
        ("tests/", "tests/deep/test_a.py", True),
        ("tests/*", "src/app.py", False),
        ("conftest.py", "anywhere/below/conftest.py", True),
        ("**/env.py", "migrations/env.py", True),
        ("!src/", "scripts/load.py", True),
        ("!src/", "src/app.py", False),
    ],
)
def test_per_file_ignores_follow_patterns(
    tmp_path: Path, pattern: str, filename: str, silent: bool
) -> None:
    settings = Settings(per_file_ignores={pattern: ("POOL1",)}, root=str(tmp_path))
    here = settings.for_file(str(tmp_path / filename))
    assert here.enabled("POOL101") is not silent
    assert here.enabled("POOL201")


def test_per_file_ignores_win_over_a_precise_selection() -> None:
    settings = Settings(select=("POOL101",), per_file_ignores={"*.py": ("POOL",)})
    assert settings.enabled("POOL101")
    assert not settings.for_file("a.py").enabled("POOL101")


def test_ignores_of_several_patterns_add_up() -> None:
    settings = Settings(per_file_ignores={"a.py": ("POOL1",), "*.py": ("POOL2", "POOL1")})
    assert settings.for_file("a.py").file_ignores == ("POOL1", "POOL2")


def test_without_patterns_a_file_has_the_same_settings() -> None:
    settings = Settings()
    assert settings.for_file("a.py") is settings


def test_replace_changes_a_copy() -> None:
    settings = Settings(ignore=("POOL1",))
    assert settings.replace(respect_noqa=False).ignore == ("POOL1",)
    assert settings.respect_noqa
    with pytest.raises(TypeError):
        settings.replace(no_such_setting=1)


def test_settings_compare_and_travel_to_other_processes() -> None:
    settings = Settings(select=("POOL1",), per_file_ignores={"a": ("POOL",)}, idle_timeout=60)
    assert pickle.loads(pickle.dumps(settings)) == settings
    assert settings != Settings()
    assert repr(Settings(idle_timeout=60)) == "Settings(idle_timeout=60)"


def test_the_module_costs_next_to_nothing() -> None:
    code = (
        "import sys; before = set(sys.modules); import pool_lint.settings;"
        "print(*set(sys.modules) - before)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"typing", "dataclasses", "pathlib", "pathspec", "libcst"} & set(loaded)
