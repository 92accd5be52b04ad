"""What POOL503, POOL504 and POOL506 say alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.report import Remark
from pool_lint.model.values import SESSION

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.shares import Concurrent, Escaped
    from pool_lint.model.values import Resource


def noun(subject: Resource) -> str:
    """A session or connection, as a person would say it."""
    return "session" if subject.kind == SESSION else "connection"


def besides(event: Concurrent) -> tuple[Remark, ...]:
    """Where a session is used at the same time."""
    return tuple(Remark(node, f"the {noun(event.subject)} is used here") for node in event.others)


def remarks(event: Escaped, model: ModuleModel) -> tuple[Remark, ...]:
    """Where a session that escapes comes from, and where it ends."""
    found = []
    kind = noun(event.subject)
    site = event.subject.site
    if isinstance(site, cst.Param) and model.names.holds(site):
        found.append(Remark(site, f"the {kind} is the caller's"))
    if event.end is not None:
        when = (
            "when this block ends"
            if isinstance(model.names.parents.get(id(event.end)), cst.WithItem)
            else "here"
        )
        found.append(Remark(event.end, f"the {kind} is closed {when}"))
    return tuple(found)
