"""Compare what pool-lint costs with what it stands beside; see README.md in this folder."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

PARSE_LOOP = """
import ast, os, sys
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        if name.endswith(".py"):
            with open(os.path.join(folder, name), "rb") as file:
                source = file.read()
            try:
                ast.parse(source)
            except (SyntaxError, ValueError):
                pass
"""

UNRELATED = '''"""Nothing in here has to do with a database."""


def fibonacci(n: int) -> int:
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a
'''


@dataclass(frozen=True)
class Cost:
    """Seconds of one process and its children."""

    cpu: float
    clock: float


@dataclass(frozen=True)
class Comparison:
    """``a`` is measured against ``b`` and may cost ``goal`` times as much."""

    name: str
    a: list[str]
    b: list[str]
    goal: float
    rounds: int


def measure(command: list[str]) -> Cost:
    """Run a command and say what it cost.

    Raises:
        SystemExit: the command failed.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryDirectory() as nowhere:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=nowhere, stdout=output, stderr=output, env=environment()
        )
        _, status, usage = os.wait4(process.pid, 0)
        clock = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            said = output.read().decode(errors="replace")[-2000:]
            sys.exit(f"{' '.join(command)}\nended with {process.returncode}\n{said}")
    return Cost(usage.ru_utime + usage.ru_stime, clock)


def environment() -> dict[str, str]:
    """The environment without what makes one Python differ from another.

    PYTHONDONTWRITEBYTECODE is one of them: nobody who installs a package runs it uncompiled.
    """
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def compare(comparison: Comparison) -> None:
    """Measure in turns and print the ratios."""
    pairs: list[tuple[Cost, Cost]] = []
    for turn in range(comparison.rounds + 1):
        first, second = (comparison.a, comparison.b)[:: 1 if turn % 2 else -1]
        costs = [measure(first), measure(second)]
        a, b = costs[:: 1 if turn % 2 else -1]
        if turn:
            pairs.append((a, b))
            print(
                f"  round {turn}: {a.cpu:.3f} s / {b.cpu:.3f} s = {a.cpu / b.cpu:.3f}", flush=True
            )
    ratios = [a.cpu / b.cpu for a, b in pairs]
    print(
        f"{comparison.name}: {statistics.median(ratios):.3f} times the CPU"
        f" ({min(ratios):.3f} to {max(ratios):.3f}; goal at most {comparison.goal:g})"
    )
    for unit in ("cpu", "clock"):
        a_median = statistics.median(getattr(a, unit) for a, _ in pairs)
        b_median = statistics.median(getattr(b, unit) for _, b in pairs)
        print(f"  {unit}: median {a_median:.3f} s against {b_median:.3f} s")


def sources_of(package: str, cache: Path) -> Path:
    """Fetch a package and unpack its Python files.

    Raises:
        SystemExit: pip could not fetch it, or fetched something that is no archive.
    """
    folder = cache / "sources" / package.replace("==", "-")
    if not folder.exists():
        downloads = folder.with_name(folder.name + ".download")
        pip(Path(sys.executable), "download", "--no-deps", "--dest", str(downloads), package)
        archives = [*downloads.glob("*.whl"), *downloads.glob("*.tar.gz"), *downloads.glob("*.zip")]
        if len(archives) != 1:
            sys.exit(f"expected one archive in {downloads}")
        unpack(archives[0], folder)
    return folder


def unpack(archive: Path, folder: Path) -> None:
    """Put the Python files of an archive into a new folder."""
    partial = folder.with_name(folder.name + ".partial")
    if archive.suffix in (".whl", ".zip"):
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(partial, [n for n in wheel.namelist() if n.endswith(".py")])
    else:
        with tarfile.open(archive) as sdist:
            members = [m for m in sdist.getmembers() if m.isfile() and m.name.endswith(".py")]
            sdist.extractall(partial, members, filter="data")
    partial.rename(folder)


def pip(python: Path, *arguments: str) -> None:
    subprocess.run(
        [str(python), "-m", "pip", "--disable-pip-version-check", *arguments, "--quiet"],
        check=True,
    )


def environments(cache: Path) -> tuple[Path, Path]:
    """The Pythons of two environments with one flake8, of which the first has the plugin."""
    pythons = []
    for name in ("with", "without"):
        python = cache / f"{name}-{sys.version_info[0]}.{sys.version_info[1]}" / "bin" / "python"
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(python.parents[1])], check=True)
        pythons.append(python)
    installed, bare = pythons
    pip(installed, "install", str(ROOT))
    pip(installed, "install", "--force-reinstall", "--no-deps", "--compile", str(ROOT))
    version = subprocess.run(
        [str(installed), "-c", "import flake8; print(flake8.__version__)"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    pip(bare, "install", f"flake8=={version}")
    return installed, bare


def size_of(folder: Path) -> str:
    files = list(folder.rglob("*.py"))
    lines = sum(file.read_bytes().count(b"\n") for file in files)
    return f"{len(files)} files, {lines} lines"


def comparisons(sources: Path, cache: Path, rounds: int) -> list[Comparison]:
    installed, bare = environments(cache)
    pool_lint = str(installed.with_name("pool-lint"))
    unrelated = cache / "unrelated.py"
    unrelated.write_text(UNRELATED, encoding="utf-8")
    flake8 = ["-m", "flake8", "--isolated", "--exit-zero", "-j1", str(sources)]
    return [
        Comparison(
            "flake8",
            [str(installed), *flake8],
            [str(bare), *flake8],
            goal=1.15,
            rounds=rounds,
        ),
        Comparison(
            "check",
            [pool_lint, "check", "--no-cache", "-j", "1", "--exit-zero", str(sources)],
            [str(installed), "-c", PARSE_LOOP, str(sources)],
            goal=2,
            rounds=rounds,
        ),
        Comparison(
            "start-up",
            [pool_lint, "check", "--no-cache", str(unrelated)],
            [str(installed), "-c", "pass"],
            goal=6,
            rounds=rounds * 5,
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--package", default="prefect==3.9.1", help="what to lint, as pip names it (%(default)s)"
    )
    parser.add_argument(
        "--cache", type=Path, help="where sources and environments stay (default: nowhere)"
    )
    parser.add_argument("--rounds", type=int, default=5, help="counted rounds (%(default)s)")
    parser.add_argument("--only", choices=["flake8", "check", "start-up"], help="one comparison")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    with tempfile.TemporaryDirectory() as temporary:
        cache = (options.cache or Path(temporary)).resolve()
        if cache.is_relative_to(ROOT):
            parser.error("keep the cache outside of the repository")
        cache.mkdir(parents=True, exist_ok=True)
        sources = sources_of(options.package, cache)
        print(f"{options.package}: {size_of(sources)}; Python {sys.version.split()[0]}")
        for comparison in comparisons(sources, cache, options.rounds):
            if options.only in (None, comparison.name):
                compare(comparison)


if __name__ == "__main__":
    main()
