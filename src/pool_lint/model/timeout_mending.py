"""Fixes around timeouts: which exception to catch, and what to limit the time of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix, Range
from pool_lint.model.importing import module_edits
from pool_lint.model.values import Origin
from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.model.lookup import Lookup
    from pool_lint.model.timed_waits import WrongHandler
    from pool_lint.model.unbounded_waits import UnboundedClose
    from pool_lint.syntax.tree import Tree


def catch_timeout(
    event: WrongHandler, lookup: Lookup, word: str
) -> Callable[[Tree], Fix | None] | None:
    """Name the exception that the pool raises, beside the one that is caught.

    Args:
        event: the handler.
        lookup: the names of its module.
        word: the exception, with its module if that has to be named.
    """
    handler, caught = event.handler, event.handler.type
    named = [one for one in walk(caught) if isinstance(one, cst.Name)] if caught else []
    builtin = next(
        (one for one in named if event.is_builtin and one.value == word.rpartition(".")[2]), None
    )
    if not isinstance(caught, (cst.Name, cst.Attribute, cst.Tuple)):
        return None
    is_name = isinstance(caught, cst.Name) and builtin is None
    if is_name and not isinstance(lookup.expression(caught, event.scope), Origin):
        # A name of a tuple cannot stand in another one.
        return None
    first = caught.elements[0] if isinstance(caught, cst.Tuple) else None

    def fix(tree: Tree) -> Fix | None:
        module = word.rpartition(".")[0]
        edits = module_edits(tree, lookup, event.scope, module) if module else ()
        if edits is None:
            return None
        if builtin is not None:
            change = Edit(tree.range_of(builtin), word)
        elif first is not None:
            place = tree.range_of(first).start
            change = Edit(Range(place, place), f"{word}, ")
        else:
            change = Edit(tree.range_of(caught), f"({word}, {tree.text_of(caught)})")
        kind = Applicability.UNSAFE if _looks_into(handler) else Applicability.SAFE
        return Fix(kind, f"Catch `{word}`", (*edits, change))

    return fix


def _looks_into(handler: cst.ExceptHandler) -> bool:
    """Whether a handler reads of its exception what another class may not have."""
    bound = handler.name.name if handler.name is not None else None
    return isinstance(bound, cst.Name) and any(
        isinstance(node, cst.Attribute)
        and isinstance(node.value, cst.Name)
        and node.value.value == bound.value
        for node in walk(handler.body)
    )


def wait_no_longer(
    event: UnboundedClose, lookup: Lookup, seconds: int
) -> Callable[[Tree], Fix | None]:
    """Put ``asyncio.wait_for`` around a call that is awaited."""

    def fix(tree: Tree) -> Fix | None:
        edits = module_edits(tree, lookup, event.scope, "asyncio")
        if edits is None:
            return None
        place = tree.range_of(event.call)
        before = Edit(Range(place.start, place.start), "asyncio.wait_for(")
        after = Edit(Range(place.end, place.end), f", timeout={seconds})")
        message = f"Wait for {seconds} seconds at the most"
        return Fix(Applicability.UNSAFE, message, (*edits, before, after))

    return fix
