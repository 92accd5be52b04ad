"""From a program to its Python."""

from __future__ import annotations

from typing import NamedTuple

from differential import programs as p

HEADERS = {
    p.SYNC: """\
from contextlib import contextmanager, suppress
from sqlalchemy import Connection, create_engine, insert, select, text
from sqlalchemy.orm import Session, sessionmaker
from models import Item
from elsewhere import probe, risky

engine = create_engine("sqlite:///items.db")
SessionLocal = sessionmaker(engine)
""",
    p.ASYNC: """\
from contextlib import asynccontextmanager, suppress
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, async_sessionmaker, create_async_engine
from models import Item
from elsewhere import probe, risky

engine = create_async_engine("sqlite+aiosqlite:///items.db")
SessionLocal = async_sessionmaker(engine, expire_on_commit=False)
""",
    p.POOL: """\
from contextlib import asynccontextmanager, suppress
import asyncpg
from elsewhere import probe, risky


async def work(pool: asyncpg.Pool, flags):
    pass
""",
}
ANNOTATIONS = {
    (p.SYNC, p.SESSION): "Session",
    (p.SYNC, p.CONNECTION): "Connection",
    (p.ASYNC, p.SESSION): "AsyncSession",
    (p.ASYNC, p.CONNECTION): "AsyncConnection",
    (p.POOL, p.POOL_CONNECTION): "asyncpg.Connection",
}
# {s} is the subject, {n} a number of its own, {o} an object or transaction, {a} "await " or "".
OPS = {
    "read": "{a}{s}.execute(select(Item.id).where(Item.id == {n}))",
    "scalar": "{a}{s}.scalar(select(Item.name))",
    "write": "{a}{s}.execute(insert(Item).values(name='w{n}'))",
    "bad sql": "{a}{s}.execute(text('select nothing from nowhere'))",
    "get": "o{n} = {a}{s}.get(Item, {n})",
    "look": "{a}{s}.get(Item, 1000 + {n})",
    "merge": "{a}{s}.merge(Item(id=2000 + {n}, name='m{n}'))",
    "connection": "{a}{s}.connection()",
    "add": "{s}.add(Item(name='a{n}'))",
    "add twice": "{s}.add(Item(id=1, name='a{n}'))",
    "flush": "{a}{s}.flush()",
    "refresh": "{a}{s}.refresh({o})",
    "delete": "{a}{s}.delete({o})",
    "touch": "{o}.name = 't{n}'",
    "expunge": "{s}.expunge({o})",
    "in transaction": "{s}.in_transaction()",
    "expire": "{s}.expire_all()",
    "expunge all": "{s}.expunge_all()",
    "reset": "{a}{s}.reset()",
    "commit": "{a}{s}.commit()",
    "rollback": "{a}{s}.rollback()",
    "close": "{a}{s}.close()",
    "begin": "t{n} = {a}{s}.begin()",
    "savepoint": "t{n} = {a}{s}.begin_nested()",
    "nested": "t{n} = {a}{s}.begin(nested=True)",
    "commit it": "{a}{o}.commit()",
    "roll it back": "{a}{o}.rollback()",
    "fetch": "await {s}.fetchval('select {n}')",
    "insert": "await {s}.execute('insert into items (name) values ($1)', 'w{n}')",
    "bad fetch": "await {s}.fetchval('select nothing from nowhere')",
    "transaction": "t{n} = {s}.transaction()",
    "start it": "await {o}.start()",
    "ask": "{s}.is_in_transaction()",
    "release": "await pool.release({s})",
}
OPENS = {
    "session": "SessionLocal()",
    "connect": "{a}engine.connect()",
    "acquire": "await pool.acquire()",
}
ITEMS = {
    "session": "SessionLocal()",
    "session begin": "SessionLocal.begin()",
    "connect": "engine.connect()",
    "engine begin": "engine.begin()",
    "acquire": "pool.acquire()",
    "begin": "{s}.begin()",
    "savepoint": "{s}.begin_nested()",
    "transaction": "{s}.transaction()",
    "helper": "helper{h}({args})",
    "named": "t{n}",
    "suppress": "suppress(Exception)",
}


class Place(NamedTuple):
    """Where a probe stands.

    Attributes:
        function: the name of its function.
        settled: whether nothing before it depends on what nobody can know.
    """

    function: str
    settled: bool


class Rendered(NamedTuple):
    """A program as text.

    Attributes:
        source: all of it.
        row: the first row behind the header.
        places: its probes, by their numbers.
        straight: whether nothing in it branches.
        main: the first row of the function that is run.
    """

    source: str
    row: int
    places: tuple[Place, ...]
    straight: bool
    main: int


def render(program: p.Program) -> Rendered:
    """The text of a program."""
    return _Renderer(program).run()


class _Renderer:
    def __init__(self, program: p.Program) -> None:
        self.program = program
        self.await_ = "" if program.flavour == p.SYNC else "await "
        self.async_ = "" if program.flavour == p.SYNC else "async "
        self.lines: list[str] = []
        self.places: list[Place] = []
        self.function = ""
        self.branched = False
        self.handed = False
        self.branching: set[str] = set()
        self.loops = 0

    def run(self) -> Rendered:
        header = HEADERS[self.program.flavour]
        main = 0
        for function in (*self.program.helpers, self.program.main):
            main = header.count("\n") + 3 + len(self.lines)
            self.define(function)
        source = header + "\n\n" + "\n".join(self.lines) + "\n"
        row = header.count("\n") + 3
        return Rendered(source, row, tuple(self.places), not self.branching, main)

    def define(self, function: p.Function) -> None:
        self.function, self.branched, self.handed = function.name, False, False
        parameter = function.parameter
        given = ["flags"]
        if parameter is not None:
            kind = ANNOTATIONS[self.program.flavour, parameter.kind]
            given.insert(0, f"{parameter.name}: {kind}")
        if self.program.flavour == p.POOL:
            given.insert(0, "pool: asyncpg.Pool")
        if function.manager:
            self.lines.append(f"@{self.async_ and 'async'}contextmanager")
        self.lines.append(f"{self.async_}def {function.name}({', '.join(given)}):")
        self.body(function.body, 1)
        self.lines += ["", ""]
        if self.branched:
            self.branching.add(function.name)

    def put(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def body(self, body: p.Body, depth: int) -> None:
        for statement in body:
            getattr(self, "on_" + type(statement).__name__.lower())(statement, depth)
        if not body:
            self.put(depth, "pass")

    def on_probe(self, node: p.Probe, depth: int) -> None:
        self.put(depth, f"probe({len(self.places)})")
        self.places.append(Place(self.function, not self.branched and not self.handed))

    def text(self, node: p.Op) -> str:
        return OPS[node.word].format(s=node.subject, n=node.number, o=node.other, a=self.await_)

    def on_op(self, node: p.Op, depth: int) -> None:
        self.put(depth, self.text(node))

    def on_open(self, node: p.Open, depth: int) -> None:
        made = f"{self.await_}helper{node.helper}({self.args('')})"
        if node.word == "helper":
            self.branched = self.branched or f"helper{node.helper}" in self.branching
        else:
            made = OPENS[node.word].format(a=self.await_)
        self.put(depth, f"{node.subject.name} = {made}")

    def on_leave(self, node: p.Leave, depth: int) -> None:
        self.put(depth, "raise ValueError('raised')" if node.word == "raise" else node.word)

    def on_risk(self, node: p.Risk, depth: int) -> None:
        self.put(depth, f"risky(flags[{node.flag}])")

    def args(self, subject: str) -> str:
        pool = "pool, " if self.program.flavour == p.POOL else ""
        return f"{pool}{subject}, flags" if subject else f"{pool}flags"

    def on_call(self, node: p.Call, depth: int) -> None:
        name = f"helper{node.helper}"
        self.put(depth, f"{self.await_}{name}({self.args(node.subject)})")
        self.branched = self.branched or name in self.branching

    def on_if(self, node: p.If, depth: int) -> None:
        self.branched = True
        if node.inline:
            words = [self.text(one) for one in (*node.body, *node.orelse) if isinstance(one, p.Op)]
            first, second = f"({words[0]})", f"({words[1]})" if len(words) > 1 else "None"
            self.put(depth, f"{first} if flags[{node.flag}] else {second}")
            return
        self.put(depth, f"if {node.asks or f'flags[{node.flag}]'}:")
        self.body(node.body, depth + 1)
        if node.orelse:
            self.put(depth, "else:")
            self.body(node.orelse, depth + 1)

    def on_loop(self, node: p.Loop, depth: int) -> None:
        self.branched = True
        self.loops += 1
        left = f"left{self.loops}"
        if node.style == "rows":
            rows = f"{self.await_}{node.subject}.execute(select(Item.id).limit(2))"
            self.put(depth, f"for _ in {rows}:")
        elif node.style == "for":
            self.put(depth, f"for _ in range(flags[{node.flag}]):")
        else:
            self.put(depth, f"{left} = flags[{node.flag}]")
            self.put(depth, f"while {left}:" if node.style == "while" else "while True:")
        if node.style == "endless":
            self.put(depth + 1, f"if not {left}:")
            self.put(depth + 2, "break")
        if node.style in ("while", "endless"):
            self.put(depth + 1, f"{left} -= 1")
        self.body(node.body, depth + 1)
        if node.orelse and node.style != "endless":
            self.put(depth, "else:")
            self.body(node.orelse, depth + 1)

    def on_try(self, node: p.Try, depth: int) -> None:
        self.put(depth, "try:")
        self.body(node.body, depth + 1)
        self.branched = True
        if node.handler is not None:
            self.put(depth, "except Exception:")
            self.body(node.handler, depth + 1)
            if node.again:
                self.put(depth + 1, "raise")
            if node.orelse:
                self.put(depth, "else:")
                self.body(node.orelse, depth + 1)
        if node.final or node.handler is None:
            self.put(depth, "finally:")
            self.body(node.final, depth + 1)

    def on_with(self, node: p.With, depth: int) -> None:
        suppresses = any(item.word == "suppress" for item in node.items)
        word = "with" if suppresses else f"{self.async_}with"
        self.put(depth, f"{word} {', '.join(map(self.item, node.items))}:")
        self.body(node.body, depth + 1)
        self.branched = self.branched or suppresses

    def item(self, item: p.Item) -> str:
        args = self.args(item.subject)
        text = ITEMS[item.word].format(s=item.subject, h=item.helper, n=item.number, args=args)
        if item.word == "helper":
            self.branched = self.branched or f"helper{item.helper}" in self.branching
        if item.gives is not None:
            return f"{text} as {item.gives.name}"
        named = item.number and item.word != "named"
        return f"{text} as t{item.number}" if named else text

    def on_give(self, node: p.Give, depth: int) -> None:
        self.put(depth, f"return {node.subject.name}")

    def on_hand(self, node: p.Hand, depth: int) -> None:
        self.put(depth, f"yield {node.subject}".rstrip())
        # What the block has done meanwhile is as unknown as what the caller did before.
        self.handed = True
