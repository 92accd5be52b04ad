"""Code under lint is read, and neither imported nor executed, on any surface.

The module would write a file from every place that runs when a module is imported.  Besides, the
interpreter itself tells of each import, each execution and each process in an audit hook.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

SPRING = "__import__('pathlib').Path('sprung').write_text('')"
MODULE = f"""\
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

import neighbour
from neighbour import charge

{SPRING}


def trap(*_):
    {SPRING}
    return lambda function: function


@trap()
class Orders(metaclass=trap({SPRING})):
    {SPRING}

    @trap({SPRING})
    async def pay(self, session: AsyncSession, cents: int = {SPRING}) -> "{SPRING}":
        async with session.begin():
            await session.execute(neighbour.query)
            await charge(session)
            session.commit()


engine = create_async_engine("postgresql+asyncpg://db/shop", **trap())
new_session = async_sessionmaker(engine)
for _ in trap():
    {SPRING}
"""
NEIGHBOUR = f"""\
import asyncio

from sqlalchemy import select

{SPRING}
query = select({SPRING})


async def charge(session) -> None:
    await asyncio.sleep(1)
"""
# Wherever something looks for code of its own beside the code under lint, it is this.
BYSTANDERS = ("conftest.py", "setup.py", "sitecustomize.py", "sqlalchemy.py", "json.py", "httpx.py")

# `-c` puts the current folder on the path, and with it the traps.
WATCH = """\
import sys
sys.path[:] = [entry for entry in sys.path if entry not in ("", {here!r})]
from {module} import main

def watch(event, arguments):
    if event == "exec" and arguments[0].co_filename.startswith(({here!r}, "app.py", "./")):
        sys.exit(f"executed {{arguments[0]}}")
    if event == "import" and arguments[0].split(".")[0] in {names!r}:
        sys.exit(f"imported {{arguments[0]}}")
    if event in ("subprocess.Popen", "os.exec", "os.system", "os.posix_spawn"):
        sys.exit(f"started {{arguments}}")

sys.addaudithook(watch)
sys.exit(main({arguments!r}))
"""


@pytest.fixture
def traps(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(MODULE)
    (tmp_path / "neighbour.py").write_text(NEIGHBOUR)
    for name in BYSTANDERS:
        (tmp_path / name).write_text(f"{SPRING}\n")
    (tmp_path / "pyproject.toml").write_text("[tool.pool-lint]\nselect = ['ALL']\n")
    (tmp_path / ".gitignore").write_text("nothing\n")
    return tmp_path


def test_the_traps_work(traps: Path) -> None:
    command = [sys.executable, "-c", "import neighbour"]
    subprocess.run(command, cwd=traps, capture_output=True, check=False)
    assert (traps / "sprung").exists()


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("pool_lint.surfaces.cli", ["check"]),
        ("pool_lint.surfaces.cli", ["check", "app.py", "--output-format", "json", "--jobs", "1"]),
        ("pool_lint.surfaces.cli", ["check", "--diff", "--unsafe-fixes"]),
        ("pool_lint.surfaces.cli", ["check", "--fix", "--unsafe-fixes"]),
        ("flake8.main.cli", ["-j1", "--select=POOL", "app.py"]),
    ],
    ids=["check", "json", "diff", "fix", "flake8"],
)
def test_code_under_lint_is_never_imported_or_executed(
    traps: Path, module: str, arguments: list[str]
) -> None:
    names = {Path(name).stem for name in ("app.py", "neighbour.py", *BYSTANDERS)} - {"json"}
    script = WATCH.format(here=str(traps), module=module, arguments=arguments, names=names)
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=traps, capture_output=True, text=True, check=False
    )
    assert re.sub(r"^Would fix \d errors.*\n", "", run.stderr) == ""
    assert run.returncode == 1
    assert ("+++ app.py" if "--diff" in arguments else "POOL401") in run.stdout
    assert not (traps / "sprung").exists()
