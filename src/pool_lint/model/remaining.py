"""What the functions of a module leave open, as the rules tell it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pool_lint.knowledge import frameworks as fw
from pool_lint.model.dependencies import returned_sessions
from pool_lint.model.generators import leaks as leaks_of_generators
from pool_lint.model.late_use import ReturnedFromBlock
from pool_lint.model.leaking import ON_ERROR, ON_SOME_PATH, Leak
from pool_lint.model.report import Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo

_TESTS = frozenset((fw.TEST, fw.MIGRATION))


def left_open(model: ModuleModel, *kinds: str) -> Iterator[tuple[FunctionInfo, Leak]]:
    """What functions open and leave open; that of tests ends with the test.

    Args:
        model: the module.
        kinds: the kinds of resource that are asked for.
    """
    told: set[int] | None = None
    for info, analysis in model.analyses():
        for leak in analysis.events.noted(Leak):
            if leak.subject.kind not in kinds or model.graph.is_quiet(info, _TESTS):
                continue
            if told is None:
                told = {id(one.opened.session.site) for one in leaks_of_generators(model)}
            if id(leak.subject.site) not in told:
                yield info, leak


def returned_from_block(model: ModuleModel) -> Iterator[ReturnedFromBlock]:
    """The sessions that are closed before the caller of a function has them.

    One that its callers enter is opened and closed by them.
    """
    told: set[int] | None = None
    for info, analysis in model.analyses():
        for event in analysis.events.noted(ReturnedFromBlock):
            if model.graph.is_quiet(info, _TESTS) or _is_entered(info, event, model):
                continue
            if told is None:
                told = {id(given.node) for _, _, given in returned_sessions(model)}
            if id(event.node) not in told:
                yield event


def _is_entered(info: FunctionInfo, event: ReturnedFromBlock, model: ModuleModel) -> bool:
    """Whether somebody in the file enters what the function returns: not all of it is parsed."""
    text = "".join(model.tree_of(event.node).source.lines)
    entering = rf"(?:\bwith\b|enter_\w*context\(|closing\()[^\n]*\b{info.name}\("
    return re.search(entering, text) is not None


def how(leak: Leak, word: str = "closed") -> str:
    """How a leak comes about, in the words of a message."""
    if leak.how == ON_ERROR:
        return f"is {word} only if nothing raises before"
    return f"is not {word} on every path" if leak.how == ON_SOME_PATH else f"is never {word}"


def notes(leak: Leak, word: str = "closed") -> tuple[Remark, ...]:
    """The place that an error or another path leaves out."""
    if leak.ending is None:
        return ()
    message = (
        "an error before this goes past it"
        if leak.how == ON_ERROR
        else f"it is {word} here, on a path of its own"
    )
    return (Remark(leak.ending, message),)
