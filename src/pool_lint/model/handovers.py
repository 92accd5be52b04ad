"""What generators do around the ``yield`` that hands out their session, as seen along the flow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pool_lint.knowledge import frameworks as fw
from pool_lint.model.routes import outlives_response
from pool_lint.model.values import CONNECTION, SESSION, Resource, Value
from pool_lint.model.watching import Watcher

if TYPE_CHECKING:
    import libcst as cst

    from pool_lint.model.flow import Flow
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo
    from pool_lint.model.states import Condition

_OUT = "handed out"
# Out, and nothing has been raised since; an exception of the user's is no success to be told of.
_STILL = "still"
_RAISED = "raised"


class LateCommit:
    """A commit behind the ``yield`` of a generator.

    Attributes:
        node: the commit, or what the block enters that commits at its end.
        handed: the ``yield``.
        subject: the session or connection.
    """

    __slots__ = ("handed", "node", "subject")

    def __init__(self, node: cst.CSTNode, handed: cst.Yield, subject: Resource) -> None:
        self.node = node
        self.handed = handed
        self.subject = subject


class HandedInBlock:
    """A ``yield`` of a session inside of its ``begin()`` block.

    Attributes:
        node: the ``yield``.
        block: the ``begin()``.
        subject: the session.
    """

    __slots__ = ("block", "node", "subject")

    def __init__(self, node: cst.Yield, block: cst.CSTNode, subject: Resource) -> None:
        self.subject = subject
        self.node = node
        self.block = block


class Handovers(Watcher):
    """Notes what stands around and behind a ``yield``."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._handed: dict[int, cst.Yield] = {}
        self._blocks: dict[int, cst.CSTNode] = {}

    def yielded(self, value: Value, node: cst.Yield) -> None:
        if not isinstance(value, Resource) or value.kind not in (SESSION, CONNECTION):
            return
        site = id(value.site)
        self._handed[site] = node
        self.flow.state.note((_OUT, site), _STILL)
        if value.kind == SESSION and self.flow.state.condition(site).is_within:
            block = self._blocks.get(site, value.site)
            self.flow.events.note(site, HandedInBlock(node, block, value))

    def caught(self, handler: cst.ExceptHandler | cst.ExceptStarHandler) -> None:
        for key in [key for key in self.flow.state.facts if key[0] == _OUT]:
            self.flow.state.note(key, _RAISED)

    def happened(
        self, subject: Resource, effect: str, node: cst.CSTNode, before: Condition, after: Condition
    ) -> None:
        site = id(subject.site)
        if effect == "enter block":
            self._blocks[site] = node
        ends = effect in ("commit", "leave block") or (effect == "close" and before.may_be_within)
        handed = self._handed.get(site)
        if ends and handed is not None and _STILL in self.flow.state.fact((_OUT, site)):
            self.flow.events.note(site, LateCommit(node, handed, subject))


def late_commits(model: ModuleModel) -> Iterator[tuple[FunctionInfo, LateCommit]]:
    """The commits that run when FastAPI has sent the response they decide about."""
    for info, analysis in model.analyses():
        if not info.is_generator or info.decorators or model.graph.is_quiet(info, fw.QUIET):
            continue
        found = analysis.events.noted(LateCommit)
        if found and outlives_response(info, model):
            yield info, found[0]
