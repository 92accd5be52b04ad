"""# external-call-before-first-statement (POOL402)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.report import Report


def check(model: ModuleModel) -> Iterable[Report]:
    return iter(())


RULE = Rule(
    code="POOL402",
    name="external-call-before-first-statement",
    level=Level.INFO,
    summary="slow work stands inside a begin block, before the first statement takes a connection",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
)
