"""Clients of a transaction pooler that keep prepared statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix, Position, Range
from pool_lint.model import mending
from pool_lint.model.connect_args import driver_of, entries, mapping_of
from pool_lint.model.creations import POOL_ROLES, constant
from pool_lint.model.engine_calls import engine_calls
from pool_lint.model.urls import options_of
from pool_lint.model.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pool_lint.model.connect_args import Entry
    from pool_lint.model.creations import Creation
    from pool_lint.model.engine_calls import EngineCall
    from pool_lint.model.module import ModuleModel
    from pool_lint.syntax.tree import Tree

    Mend = Callable[[Tree], Fix | None]

_SIZE = "statement_cache_size"
# Of SQLAlchemy's own cache; without it, nothing is prepared twice either.
_ADAPTED = "prepared_statement_cache_size"
_ENTRY = f'"{_SIZE}": 0'
# A class of one's own may name its statements as it likes.
_CLASS = "connection_class"


def caching(model: ModuleModel) -> Iterator[tuple[Creation, Mend | None]]:
    """The pools, connections and engines of asyncpg that keep statements, each with its fix."""
    for creation in model.creations:
        if creation.role in POOL_ROLES and not model.is_quiet(creation):
            fix = _native(creation)
            if fix is not None:
                yield creation, fix
    for engine in engine_calls(model):
        if engine.is_async and not engine.is_special and not engine.is_quiet:
            yield from _of_engine(engine)


def _native(creation: Creation) -> Mend | None:
    keywords = creation.keywords
    if keywords.is_open or _CLASS in keywords:
        return None
    if _SIZE not in keywords:
        return mending.add_keyword(creation.call, _SIZE, "0", Applicability.UNSAFE)
    if not _is_kept(constant(keywords.get(_SIZE))) or _SIZE not in keywords.nodes:
        return None
    return mending.set_keyword(creation.call, keywords.nodes[_SIZE], "0", Applicability.UNSAFE)


def _of_engine(engine: EngineCall) -> Iterator[tuple[Creation, Mend | None]]:
    given, creation = engine.certain.get("connect_args"), engine.creation
    if given is None:
        if engine.keywords.is_open or "connect_args" in engine.keywords:
            return
        if driver_of(engine, set()) == "asyncpg" and not _says_none(engine):
            text = f"{{{_ENTRY}}}"
            yield (
                creation,
                mending.add_keyword(engine.call, "connect_args", text, Applicability.UNSAFE),
            )
        return
    mapping = mapping_of(given, creation.scope)
    if mapping is None or any(isinstance(e, cst.StarredDictElement) for e in mapping.elements):
        return
    known = entries(mapping, creation.scope)
    names = {entry.name: entry for entry in known}
    if len(known) < len(mapping.elements) or _CLASS in names or _says_none(engine):
        return
    sizes = [names[name].value for name in (_SIZE, _ADAPTED) if name in names]
    if driver_of(engine, set(names)) == "asyncpg" and all(map(_is_kept, sizes)):
        written = engine.written("connect_args")
        is_here = written is not None and written.value is mapping
        yield creation, _set_entry(mapping, names.get(_SIZE)) if is_here else None


def _is_kept(size: object) -> bool:
    return size is not UNKNOWN and size != 0


def _says_none(engine: EngineCall) -> bool:
    return (_ADAPTED, "0") in options_of(engine.url or "")


def _set_entry(mapping: cst.Dict, entry: Entry | None) -> Mend:
    def fix(tree: Tree) -> Fix | None:
        if entry is not None:
            edit = Edit(tree.range_of(entry.element.value), "0")
        elif mapping.elements:
            start = tree.range_of(mapping.elements[0]).start
            gap = " "
            if tree.begins_line(mapping.elements[0]):
                gap = tree.newline + tree.indent_of(start.row)
            edit = Edit(Range(start, start), f"{_ENTRY},{gap}")
        else:
            end = tree.range_of(mapping).end
            place = Position(end.row, end.column - 1)
            edit = Edit(Range(place, place), _ENTRY)
        return Fix(Applicability.UNSAFE, f"Write `{_ENTRY}`", (edit,))

    return fix
