"""What following twisted functions costs, compared with parsing them; see README.md in this folder."""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable
from pathlib import Path

HEAD = "from shop import f, g, session\n\n\nasync def twisted(a, b, c, session):\n"


def nested(lines: int, opener: Callable[[int], str], depth: int, tail: str = "") -> str:
    """Towers of blocks, one after the other, with work at the bottom of each."""
    body: list[str] = []
    index = 0
    while len(body) < lines:
        for level in range(depth):
            body.append(f"{' ' * (level + 1)}{opener(level)}")
            index += 1
        body.append(f"{' ' * (depth + 1)}x{index} = await session.execute(f(x{index - 1}))")
        if tail:
            for level in reversed(range(depth)):
                body.append(f"{' ' * (level + 1)}{tail}")
                body.append(f"{' ' * (level + 2)}await session.commit()")
    return HEAD + " x0 = a\n" + "\n".join(body) + "\n"


def mixed(lines: int) -> str:
    """Blocks of every kind within each other."""
    openers = (
        "if f(a):",
        "for i in b:",
        "while c(a):",
        "with f(b) as d:",
        "async with session.begin():",
    )
    return nested(lines, lambda level: openers[level % len(openers)], 15)


def nested_tries(lines: int, depth: int) -> str:
    """``try`` within ``try``, each with its handler and its ``finally``."""
    body: list[str] = []
    while len(body) < lines:
        body += [f"{' ' * (level + 1)}try:" for level in range(depth)]
        body.append(f"{' ' * (depth + 1)}await session.execute(f(a))")
        for level in reversed(range(depth)):
            pad = " " * (level + 1)
            body += [f"{pad}except ValueError:", f"{pad} await session.rollback()",
                     f"{pad}finally:", f"{pad} await session.close()"]  # fmt: skip
    return HEAD + "\n".join(body) + "\n"


def nested_finallies(lines: int, depth: int) -> str:
    """``finally`` within ``finally``: each is run for every kind of way out."""
    body: list[str] = []
    while len(body) < lines:
        for level in range(depth):
            pad = " " * (level + 1)
            body += [f"{pad}try:", f"{pad} if f(a): return", f"{pad}finally:"]
        body.append(f"{' ' * (depth + 1)}await session.commit()")
    return HEAD + "\n".join(body) + "\n"


def flat(lines: int, line: Callable[[int], str]) -> str:
    """One statement after the other."""
    return HEAD + "".join(f" {line(index)}\n" for index in range(lines))


def elifs(lines: int) -> str:
    """One long chain."""
    chain = "".join(
        f" elif f({i}):\n  x{i} = await session.get(f, {i})\n" for i in range(lines // 2)
    )
    return HEAD + " if a:\n  pass\n" + chain


def cases(lines: int) -> str:
    """One huge match."""
    chain = "".join(
        f"  case f({i}, y=[z, *_]) if z:\n   x{i} = await g(z)\n" for i in range(lines // 2)
    )
    return HEAD + " match a:\n" + chain


def chain_of_calls(lines: int) -> str:
    """Functions that call each other, the first of which is asked for."""
    functions = "".join(
        f"async def f{i}(session):\n    return await f{i + 1}(session)\n\n\n"
        for i in range(lines // 4)
    )
    return f"{functions}async def f{lines // 4}(session):\n    await session.commit()\n"


def doubling(lines: int) -> str:
    """Functions each of which calls the next one twice."""
    functions = "".join(
        f"async def f{i}(session):\n    await f{i + 1}(session)\n    await f{i + 1}(session)\n\n\n"
        for i in range(lines // 5)
    )
    return (
        "import httpx\n"
        f"{functions}async def f{lines // 5}(session):\n    await httpx.AsyncClient().get('')\n"
    )


PROGRAMS: dict[str, Callable[[int], str]] = {
    "nested ifs, 95 deep": lambda n: nested(n, lambda _: "if f(a):", 95),
    "nested ifs, 10 deep": lambda n: nested(n, lambda _: "if f(a):", 10),
    "nested fors, 18 deep": lambda n: nested(n, lambda level: f"for i{level} in f(b):", 18),
    "nested whiles, 18 deep": lambda n: nested(n, lambda _: "while f(c):", 18),
    "nested async withs, 18 deep": lambda n: nested(n, lambda _: "async with f(session):", 18),
    "everything nested, 15 deep": mixed,
    "nested tries, 18 deep": lambda n: nested_tries(n, 18),
    "nested finallies, 18 deep": lambda n: nested_finallies(n, 18),
    "assignments": lambda n: flat(n, lambda i: f"x{i} = f(x{i - 1})"),
    "assignments in a try": lambda n: HEAD + " try:\n" + "".join(
        f"  x{i} = f(x{i - 1})\n" for i in range(n)
    ) + " except ValueError:\n  await session.rollback()\n",
    "reads and commits": lambda n: flat(
        n // 2, lambda i: f"x{i} = await session.get(f, {i})\n await session.commit()"
    ),
    "sessions": lambda n: "from sqlalchemy.orm import Session\n" + flat(
        n // 2, lambda i: f"with Session() as s{i}:\n  s{i}.execute(f)"
    ),
    "open sessions and slow calls": lambda n: "import time\nfrom sqlalchemy.orm import Session\n" + flat(
        n // 3, lambda i: f"s{i} = Session()\n s{i}.execute(f)\n time.sleep(1)"
    ),
    "flags": lambda n: flat(n // 2, lambda i: f"if a{i // 2}:\n  await g(session)"),
    "elifs": elifs,
    "cases": cases,
    "operands": lambda n: HEAD + " x = " + " + ".join(f"f({i})" for i in range(min(n, 2800))) + "\n",
    "conditions": lambda n: HEAD + " if " + " and ".join(f"f({i})" for i in range(min(n, 2800))) + ":\n  pass\n",
    "chained calls": lambda n: HEAD + " x = session" + "".join(f".f({i})" for i in range(min(n, 1400))) + "\n",
    "subscripts": lambda n: HEAD + " x = a" + "[0]" * min(n, 2800) + "\n",
    "calls in calls": lambda n: HEAD + f" x = {'f(' * 180}a{')' * 180}\n" * (n // 180 + 1),
    "comprehensions in comprehensions": lambda n: HEAD + (
        f" x = {'[' * 90}f(y){' for y in f(y)]' * 90}\n" * (n // 90 + 1)
    ),
    "choices": lambda n: HEAD + " x = " + "".join(f"f({i}) if g({i}) else " for i in range(min(n, 900))) + "a\n",
    "lambdas": lambda n: flat(n, lambda i: f"x{i} = f(lambda y: x{i - 1}(y))"),
    "functions in functions": lambda n: flat(
        n // 3, lambda i: f"def h{i}(y):\n  return session.execute(y)\n h{i}(a)"
    ),
    "a chain of calls": chain_of_calls,
    "calls that double": doubling,
}  # fmt: skip


def cost(text: str) -> tuple[float, float, int]:
    """Seconds for parsing a program, and for following its functions; how many were given up."""
    import libcst

    from pool_lint.model.analysis import Analysis
    from pool_lint.model.lazy_module import LazyModule
    from pool_lint.model.module import ModuleModel
    from pool_lint.settings import Settings
    from pool_lint.syntax.source import Source
    from pool_lint.syntax.tree import Tree

    gc.collect()
    begun = time.perf_counter()
    module = libcst.parse_module(text)
    parsed = time.perf_counter()
    source = Source.read(text, "twisted.py")
    model = ModuleModel.of(Tree(source, module, text), Settings(), LazyModule(source, None))
    collected = time.perf_counter()
    analyses: list[Analysis] = [model.analysis(info) for info in model.names.functions]
    for analysis in analyses:
        _ = analysis.slow_calls
    ended = time.perf_counter()
    lost = sum(not analysis.is_complete for analysis in analyses)
    del collected
    return parsed - begun, ended - parsed, lost


def main() -> None:
    """Print a table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--lines", type=int, default=5000)
    arguments.add_argument("--keep", type=Path, help="a folder to write the programs to")
    arguments.add_argument("names", nargs="*", help="programs, by the beginning of their names")
    options = arguments.parse_args()
    print(f"{'program':36}{'lines':>7}{'parse':>9}{'follow':>9}{'ratio':>8}")
    for name, program in PROGRAMS.items():
        if options.names and not name.startswith(tuple(options.names)):
            continue
        text = program(options.lines)
        if options.keep is not None:
            (options.keep / f"{name.replace(' ', '_').replace(',', '')}.py").write_text(text)
        parse, follow, lost = cost(text)
        note = f"  {lost} given up" if lost else ""
        ratio = follow / parse
        count = text.count("\n")
        print(f"{name:36}{count:7}{parse:8.2f}s{follow:8.2f}s{ratio:8.1f}{note}", flush=True)


if __name__ == "__main__":
    main()
