"""# engine-per-request (POOL201)
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
    code="POOL201",
    name="engine-per-request",
    level=Level.ERROR,
    summary="an engine or a pool is made anew for every request, task or object",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "remaining connection slots are reserved for non-replication superuser connections",
        "remaining connection slots are reserved for roles with the SUPERUSER attribute",
        "sorry, too many clients already",
        "too many connections for role",
        "asyncpg.exceptions.TooManyConnectionsError",
    ),
    fixable=False,
)
