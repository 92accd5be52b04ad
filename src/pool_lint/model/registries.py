"""Registries that keep one session for each thread, in the hands of coroutines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.uses import Used

if TYPE_CHECKING:
    from collections.abc import Iterator

    import libcst as cst

    from pool_lint.model.creations import Creation
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.values import Resource


class Registry:
    """A registry that coroutines use.

    Attributes:
        node: where it is made.
        use: the first use by a coroutine of this module.
    """

    __slots__ = ("node", "use")

    def __init__(self, node: cst.CSTNode, use: cst.CSTNode) -> None:
        self.node = node
        self.use = use


def find(model: ModuleModel) -> Iterator[Registry]:
    """The registries of threads that a module makes and its coroutines use, once each.

    Args:
        model: the module.
    """
    seen: set[int] = set()
    for info, analysis in model.analyses():
        if not info.is_async:
            continue
        for used in analysis.events.noted(Used):
            made = _registry_of(used.subject)
            if made is None or used.closes or id(made.call) in seen or model.graph.is_quiet(info):
                continue
            seen.add(id(made.call))
            # Elsewhere the module that makes it is to be mended, not each that uses it.
            if model.names.holds(made.call):
                yield Registry(made.call, used.node)


def _registry_of(subject: Resource) -> Creation | None:
    """The call of ``scoped_session`` that a session comes from, if nothing else tells tasks apart."""
    made = subject.creation
    if made is None or made.role != sa.SCOPED or not made.keywords.lacks("scopefunc"):
        return None
    return made
