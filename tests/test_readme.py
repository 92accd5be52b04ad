"""What the README shows is what pool-lint says.

Where the output changed on purpose, ``UPDATE_README=1 pytest tests/test_readme.py`` writes it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "README.md"
SHOWN = re.compile(r"^```console\n\$ pool-lint (.*)\n((?:(?!```).*\n)*)```$", re.MULTILINE)


def shown() -> dict[str, str]:
    """The arguments of each command that the README shows, and the output below it."""
    return dict(SHOWN.findall(README.read_text(encoding="utf-8")))


def output_of(arguments: str) -> str:
    result = subprocess.run(
        [sys.executable, "-m", "pool_lint", *arguments.split()],
        cwd=README.parent,
        env={**os.environ, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.stderr == ""
    return result.stdout


def update(arguments: str, output: str) -> None:
    text = README.read_text(encoding="utf-8")
    start = f"```console\n$ pool-lint {arguments}\n"
    before, after = text.split(start)
    README.write_text(before + start + output + after[after.index("```") :], encoding="utf-8")


def test_the_readme_shows_pool_lint_at_work() -> None:
    assert "check --output-format concise examples/leaky_app" in shown()


@pytest.mark.parametrize("arguments", shown())
def test_the_output_in_the_readme_is_real(arguments: str) -> None:
    output = output_of(arguments)
    if os.environ.get("UPDATE_README"):
        update(arguments, output)
    assert output == shown()[arguments]
