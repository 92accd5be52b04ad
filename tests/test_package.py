"""What users get when they install pool-lint."""

from __future__ import annotations

import configparser
import email
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def entry(wheel: zipfile.ZipFile, name: str) -> str:
    (path,) = [path for path in wheel.namelist() if path.endswith(f".dist-info/{name}")]
    return wheel.read(path).decode()


def test_it_has_every_module_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    src = ROOT / "src"
    files = {path.relative_to(src).as_posix() for path in src.rglob("*.py")}
    packed = {path for path in wheel.namelist() if ".dist-info/" not in path}
    assert packed == {*files, "pool_lint/py.typed"}


def test_it_has_its_licence(wheel: zipfile.ZipFile) -> None:
    assert entry(wheel, "licenses/LICENSE").startswith("MIT License")


def test_it_brings_the_command_and_the_plugin(wheel: zipfile.ZipFile) -> None:
    points = configparser.ConfigParser()
    points.optionxform = str
    points.read_string(entry(wheel, "entry_points.txt"))
    assert dict(points["console_scripts"]) == {"pool-lint": "pool_lint.surfaces.cli:program"}
    assert dict(points["flake8.extension"]) == {"POO": "pool_lint.surfaces.flake8:Plugin"}


def test_it_needs_little(wheel: zipfile.ZipFile) -> None:
    needs = email.message_from_string(entry(wheel, "METADATA")).get_all("Requires-Dist", [])
    names = {need.split(">")[0] for need in needs if "extra ==" not in need}
    assert names == {"flake8", "libcst", "pathspec", "tomli"}
