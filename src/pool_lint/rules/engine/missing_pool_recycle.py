"""# missing-pool-recycle (POOL101)
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
    code="POOL101",
    name="missing-pool-recycle",
    level=Level.WARNING,
    summary="an engine without pool_recycle hands out connections of any age",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.InterfaceError: "
            "(sqlalchemy.dialects.postgresql.asyncpg.InterfaceError) connection is closed"
        ),
        "terminating connection due to idle-session timeout",
        "server closed the connection unexpectedly",
        "MySQL server has gone away",
    ),
)
