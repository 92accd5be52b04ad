"""Which files are linted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pool_lint.runner.configuration import Configurations
from pool_lint.runner.files import Discovery


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def write(*names: str, text: str = "") -> None:
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def found(*paths: str) -> list[str]:
    discovery = Discovery(Configurations())
    files = list(discovery.files(list(paths) or ["."]))
    assert discovery.problems == []
    return sorted(file.replace(os.sep, "/") for file in files)


def test_a_folder_is_searched_for_python_files() -> None:
    write("a.py", "deep/er/b.py", "c.pyw", "notes.txt", "d.pyi", "e.pyc", "f.py/inside.py")
    assert found() == ["a.py", "c.pyw", "deep/er/b.py", "f.py/inside.py"]


def test_files_are_named_relative_to_the_current_folder(here: Path) -> None:
    write("deep/a.py", "../beside/b.py")
    assert found(str(here)) == ["deep/a.py"]
    assert found("./deep") == ["deep/a.py"]
    assert found("./deep/a.py") == ["deep/a.py"]
    beside = here.parent / "beside"
    assert found(str(beside)) == [f"{beside.as_posix()}/b.py"]


def test_each_file_comes_once(here: Path) -> None:
    write("deep/a.py")
    assert found("deep", ".", "deep/a.py", str(here / "deep/a.py")) == ["deep/a.py"]


@pytest.mark.parametrize("folder", [".venv", "venv", "node_modules", "build", "dist", ".git"])
def test_usual_excludes(folder: str) -> None:
    write("a.py", f"{folder}/b.py", f"deep/{folder}/c.py")
    assert found() == ["a.py"]


def test_named_files_are_always_linted() -> None:
    write("build/a.py", "script", "ignored.py")
    write(".gitignore", text="ignored.py\n")
    write("pyproject.toml", text='[tool.pool-lint]\nextend-exclude = ["script"]\n')
    assert found("build/a.py", "script", "ignored.py") == ["build/a.py", "ignored.py", "script"]


def test_named_folders_are_always_searched() -> None:
    write("build/a.py", "generated/b.py", "generated/venv/c.py")
    write(".gitignore", text="generated/\n")
    Path(".git").mkdir()
    assert found() == []
    assert found("build", "generated") == ["build/a.py", "generated/b.py"]


def test_gitignore_is_honoured() -> None:
    write(
        ".gitignore",
        text="# a comment\n\n*_pb2.py\n/only_here.py\nout/\ndata/*\n!data/kept.py\n",
    )
    write("a.py", "api_pb2.py", "deep/api_pb2.py", "only_here.py", "deep/only_here.py")
    write("out/b.py", "deep/out/c.py", "data/d.py", "data/kept.py")
    assert found() == ["a.py", "data/kept.py", "deep/only_here.py"]


def test_nearer_gitignore_wins() -> None:
    write(".gitignore", text="*_pb2.py\n")
    write("deep/.gitignore", text="!api_pb2.py\nmine.py\n")
    write("deep/api_pb2.py", "deep/er/api_pb2.py", "api_pb2.py", "mine.py", "deep/mine.py")
    assert found() == ["deep/api_pb2.py", "deep/er/api_pb2.py", "mine.py"]


def test_gitignore_of_the_repository_reaches_a_folder_below() -> None:
    write(".gitignore", text="*_pb2.py\n/deep/secret/\n")
    write("deep/a.py", "deep/api_pb2.py", "deep/secret/b.py")
    Path(".git").mkdir()
    assert found("deep") == ["deep/a.py"]


def test_gitignore_above_the_repository_does_not(here: Path) -> None:
    write("../.gitignore", text="*\n")
    write("a.py")
    assert found() == ["a.py"]
    Path(".git").mkdir()
    assert found() == ["a.py"]


def test_a_repository_inside_has_rules_of_its_own() -> None:
    write(".gitignore", text="b.py\n")
    write("a.py", "b.py", "vendored/b.py", "vendored/.git/HEAD")
    assert found() == ["a.py", "vendored/b.py"]


def test_the_exclude_file_of_the_repository_is_honoured() -> None:
    write(".git/info/exclude", text="local.py\n")
    write("a.py", "local.py")
    assert found() == ["a.py"]


def test_a_pattern_that_nobody_can_read_is_skipped() -> None:
    write(".gitignore", text="!\nb.py\n///\n")
    write("a.py", "b.py")
    assert found() == ["a.py"]


def test_exclude_replaces_and_extend_exclude_adds() -> None:
    write("a.py", "build/b.py", "old/c.py", "deep/old/d.py", "legacy_e.py")
    write("pyproject.toml", text='[tool.pool-lint]\nexclude = ["/old", "legacy_*.py"]\n')
    assert found() == ["a.py", "build/b.py", "deep/old/d.py"]
    write("pyproject.toml", text='[tool.pool-lint]\nextend-exclude = ["old"]\n')
    assert found() == ["a.py", "legacy_e.py"]


def test_exclude_is_relative_to_its_configuration() -> None:
    write("pyproject.toml", text='[tool.pool-lint]\nextend-exclude = ["/sub/a.py"]\n')
    write("sub/pyproject.toml", text='[tool.pool-lint]\nextend-exclude = ["/b.py"]\n')
    write("sub/a.py", "sub/b.py", "b.py")
    assert found() == ["b.py", "sub/a.py"]


def test_a_loop_of_symbolic_links_ends(here: Path) -> None:
    write("deep/a.py")
    Path("deep/up").symlink_to(here, target_is_directory=True)
    Path("self.py").symlink_to("self.py")
    Path("gone.py").symlink_to("nowhere.py")
    Path("link.py").symlink_to("deep/a.py")
    assert found() == ["deep/a.py", "link.py"]


def test_what_cannot_be_read_is_a_problem_and_the_rest_goes_on() -> None:
    write("a.py")
    Path("self.py").symlink_to("self.py")
    discovery = Discovery(Configurations())
    assert list(discovery.files(["missing.py", "self.py", "a.py"])) == ["a.py"]
    assert len(discovery.problems) == 2
    assert discovery.problems[0] == "missing.py: No such file or directory"
    assert discovery.problems[1].startswith("self.py: ")


def test_a_folder_without_permission_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.py", "locked/b.py")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    # Whoever runs as root may read everything, so the refusal is played.
    monkeypatch.setattr(os, "scandir", refuse)
    discovery = Discovery(Configurations())
    assert list(discovery.files(["."])) == ["a.py"]
    assert discovery.problems == ["locked: Permission denied"]


def test_standard_input_is_passed_through() -> None:
    assert found("-") == ["-"]
