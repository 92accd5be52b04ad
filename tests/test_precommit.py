"""The hooks, run by the real pre-commit as ``pre-commit try-repo`` does it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = [".pre-commit-hooks.yaml", "LICENSE", "README.md", "pyproject.toml", "src"]

BAD = """\
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine("postgresql+asyncpg://localhost/app", pool_pre_ping=True)


async def stop() -> None:
    engine.dispose()
"""
FIXED = BAD.replace("_ping=True)", "_ping=True, pool_recycle=1800)").replace(
    "    engine.", "    await engine."
)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Git with a name, and without anybody's configuration."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "tests",
        "GIT_AUTHOR_EMAIL": "tests@localhost",
        "GIT_COMMITTER_NAME": "tests",
        "GIT_COMMITTER_EMAIL": "tests@localhost",
        "PRE_COMMIT_HOME": str(tmp_path / "home"),
    }


def repository(path: Path, environment: dict[str, str]) -> Path:
    """Make the content of a folder the first commit of a repository."""
    for command in (
        ["git", "init", "--quiet"],
        ["git", "add", "--all"],
        ["git", "commit", "--quiet", "--message", "Begin"],
    ):
        subprocess.run(command, cwd=path, env=environment, check=True)
    return path


@pytest.mark.skipif(shutil.which("git") is None, reason="pre-commit needs git")
def test_both_hooks(tmp_path: Path, environment: dict[str, str]) -> None:
    package = tmp_path / "pool-lint"
    package.mkdir()
    for name in PACKAGE:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, package / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, package / name)
    repository(package, environment)
    project = tmp_path / "project"
    project.mkdir()
    (project / "bad.py").write_text(BAD)
    (project / "notes.txt").write_text(BAD)
    repository(project, environment)

    run = subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", "--all-files", str(package)],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    said = run.stdout + run.stderr
    assert run.returncode == 1, said
    check, _, fix = said.partition("hook id: pool-lint-fix")
    assert "hook id: pool-lint\n" in check, said
    assert "exit code: 1" in check, said
    assert "POOL101" in check, said
    assert "POOL202" in check, said
    assert "files were modified by this hook" in fix, said
    assert (project / "bad.py").read_text() == FIXED
    assert (project / "notes.txt").read_text() == BAD
