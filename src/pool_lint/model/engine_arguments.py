"""Keywords of an engine that ``create_engine`` refuses, and what was meant by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix, Range
from pool_lint.knowledge import accepted
from pool_lint.model import rewriting
from pool_lint.model.arguments import removal
from pool_lint.model.engine_calls import entries_of

if TYPE_CHECKING:
    from pool_lint.model.engine_calls import EngineCall
    from pool_lint.syntax.tree import Tree

# Words of other libraries and of older releases: what to do about each. An empty one is to drop.
_GONE = dict.fromkeys(("encoding", "convert_unicode", "case_sensitive", "pool_threadlocal",
                       "use_native_unicode", "async_fallback"), "")  # fmt: skip
_ELSEWHERE = {
    "dialect_options": "give its entries as `connect_args`",
    "min_size": "drop it: SQLAlchemy's pool opens connections when they are needed",
    "minsize": "drop it: SQLAlchemy's pool opens connections when they are needed",
    "pool_min_size": "drop it: SQLAlchemy's pool opens connections when they are needed",
    "min_pool_size": "drop it: SQLAlchemy's pool opens connections when they are needed",
    "max_size": "write `pool_size` and `max_overflow`",
    "maxsize": "write `pool_size` and `max_overflow`",
    "pool_max_size": "write `pool_size` and `max_overflow`",
    "max_pool_size": "write `pool_size` and `max_overflow`",
    "max_connections": "write `pool_size` and `max_overflow`",
    "pool_max_overflow": "write `max_overflow`",
    "pool_overflow": "write `max_overflow`",
    "pre_ping": "write `pool_pre_ping`",
    "poolsize": "write `pool_size`",
    "pool_class": "write `poolclass`",
    "recycle": "write `pool_recycle`",
    "connect_timeout": "give it as one of `connect_args`",
    "command_timeout": "give it as one of `connect_args`",
    "statement_cache_size": "give it as one of `connect_args`",
    "prepared_statement_cache_size": "give it as one of `connect_args`",
    "server_settings": "give it as one of `connect_args`",
    "check_same_thread": "give it as one of `connect_args`",
    "sslmode": "give it as one of `connect_args`",
    "autocommit": 'write `isolation_level="AUTOCOMMIT"`, or commit',
    "autoflush": "give it to the session factory",
    "expire_on_commit": "give it to the session factory",
    "listeners": "use `sqlalchemy.event`",
    "proxy": "use `sqlalchemy.event`",
}  # fmt: skip
_RENAMED = {
    "pool_max_overflow": "max_overflow",
    "pool_overflow": "max_overflow",
    "poolsize": "pool_size",
    "pool_class": "poolclass",
}
_FOR_DRIVER = frozenset(("command_timeout", "statement_cache_size", "server_settings",
                         "prepared_statement_cache_size", "connect_timeout", "sslmode",
                         "check_same_thread"))  # fmt: skip
_NUMBERS = ("pool_size", "max_overflow", "pool_recycle")
# Of other rules: whether a pool takes them is for those to say.
_OF_POOLS = frozenset(("pool_size", "max_overflow", "pool_timeout", "pool_use_lifo"))
_CLOSE = 0.84


def refused(engine: EngineCall) -> list[str]:
    """The keywords that the call cannot be given, in the order in which they are written."""
    if engine.is_special:
        return []
    given = [name for name in engine.certain if name not in _OF_POOLS and name != "url"]
    known = _known(engine)
    if known is not None:
        return [name for name in given if name not in known]
    some = accepted.any_keywords(engine.release)
    return [
        name
        for name in given
        if name not in some and (name in _ELSEWHERE or name in _GONE or _is_misspelt(name, some))
    ]


def is_not_future(engine: EngineCall) -> bool:
    """Whether it is asked for the engine of SQLAlchemy 1.4."""
    return engine.value("future") is False and engine.release != "1.4"


def no_numbers(engine: EngineCall) -> dict[str, object]:
    """The sizes that are texts or None, which the pool compares with numbers."""
    found: dict[str, object] = {}
    for name in _NUMBERS:
        value = engine.value(name)
        if isinstance(value, str) or value is None:
            found[name] = value
    return found if engine.pool in (None, "QueuePool", "AsyncAdaptedQueuePool") else {}


def _known(engine: EngineCall) -> frozenset[str] | None:
    """All that the call takes; None where its database is not known."""
    scheme = engine.scheme or ""
    if accepted.flavour_of(scheme, engine.release) is None:
        return None
    pool = engine.pool or "QueuePool"
    taken = accepted.engine_keywords(engine.maker, scheme, pool, engine.release)
    return taken | accepted.words("pool QueuePool", engine.release) | {"poolclass"}


def _is_misspelt(name: str, known: frozenset[str]) -> bool:
    """Whether an argument of pools is meant, which no dialect has of its own."""
    meant = like(name, known)
    return meant is not None and meant.startswith(("pool", "max_overflow", "echo", "connect_args"))


def like(name: str, known: frozenset[str]) -> str | None:
    """The known word that a misspelt one is most like."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, sorted(known), 1, _CLOSE)), None)


def advice(engine: EngineCall, name: str) -> str:
    """What to do about a keyword that is refused."""
    if name in _ELSEWHERE:
        return _ELSEWHERE[name]
    meant = like(name, _known(engine) or accepted.any_keywords(engine.release))
    return f"did you mean `{meant}`?" if meant is not None and name not in _GONE else "drop it"


def mend(engine: EngineCall, wrong: list[str]) -> rewriting.Fixing | None:
    """The fix for all keywords that are refused; None where a person has to decide on one."""
    nodes = engine.keywords.nodes
    if any(name not in nodes for name in wrong):
        return None
    if wrong == ["dialect_options"]:
        return _from_dialect_options(engine)
    new = [_RENAMED[name] for name in wrong if name in _RENAMED]
    if len(set(new)) < len(new) or any(name in engine.keywords for name in new):
        return None
    if all(name in _GONE or name in _RENAMED for name in wrong):
        return _renaming(engine, wrong)
    return _to_driver(engine, wrong) if len(wrong) == 1 else None


def _renaming(engine: EngineCall, wrong: list[str]) -> rewriting.Fixing:
    args = [engine.keywords.nodes[name] for name in wrong]

    def fix(tree: Tree) -> Fix | None:
        edits = [
            Edit(tree.range_of(arg.keyword), _RENAMED[arg.keyword.value])
            for arg in args
            if arg.keyword is not None and arg.keyword.value in _RENAMED
        ]
        gone = [arg for arg in args if arg.keyword is None or arg.keyword.value not in _RENAMED]
        removed = removal(tree, engine.call, gone)
        how = rewriting.safety(tree, removed, gone, Applicability.SAFE)
        return Fix(how, "Write what the engine takes", (*edits, *removed))

    return fix


def _from_dialect_options(engine: EngineCall) -> rewriting.Fixing | None:
    """``dialect_options={"asyncpg": {...}}`` becomes ``connect_args={...}``."""
    arg = engine.keywords.nodes["dialect_options"]
    driver = accepted.driver_of(engine.scheme or "", engine.release) or ""
    inner = entries_of(arg.value) if isinstance(arg.value, cst.Dict) else {}
    mapping = inner.get(driver)
    if len(inner) != 1 or not isinstance(mapping, cst.Dict) or "connect_args" in engine.keywords:
        return None
    taken = accepted.connect_keywords(engine.scheme or "", engine.release) or frozenset()
    options = entries_of(mapping)
    if len(options) != len(mapping.elements) or not taken.issuperset(options):
        return None

    def fix(tree: Tree) -> Fix | None:
        place, node = tree.range_of(arg), tree.range_of(mapping)
        edits = (
            Edit(Range(place.start, node.start), "connect_args="),
            Edit(Range(node.end, place.end), ""),
        )
        return Fix(Applicability.SAFE, "Write `connect_args`", edits)

    return fix


def _to_driver(engine: EngineCall, wrong: list[str]) -> rewriting.Fixing | None:
    """A keyword of the driver becomes the one entry of ``connect_args``."""
    name = wrong[0]
    taken = accepted.connect_keywords(engine.scheme or "", engine.release) or frozenset()
    if name not in _FOR_DRIVER or name not in taken or "connect_args" in engine.keywords:
        return None
    if engine.keywords.is_open:
        return None
    arg = engine.keywords.nodes[name]

    def fix(tree: Tree) -> Fix | None:
        text = f'connect_args={{"{name}": {tree.text_of(arg.value)}}}'
        edits = (Edit(tree.range_of(arg), text),)
        return Fix(Applicability.SAFE, "Give it as one of `connect_args`", edits)

    return fix


def as_numbers(engine: EngineCall, wrong: dict[str, object]) -> rewriting.Fixing | None:
    """Write numbers for texts that are some; None where a person has to say which."""
    args = [engine.keywords.nodes.get(name) for name in wrong]
    values = list(wrong.values())
    if not all(isinstance(value, str) and value.lstrip("-").isdecimal() for value in values):
        return None
    nodes = [arg.value for arg in args if arg is not None]
    if len(nodes) != len(wrong) or not all(isinstance(node, cst.SimpleString) for node in nodes):
        return None

    def fix(tree: Tree) -> Fix | None:
        edits = [
            Edit(tree.range_of(node), str(int(str(value))))
            for node, value in zip(nodes, values, strict=True)
        ]
        return Fix(Applicability.SAFE, "Write numbers", tuple(edits))

    return fix
