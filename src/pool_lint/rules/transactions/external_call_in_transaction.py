"""# external-call-in-transaction (POOL401)
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
    code="POOL401",
    name="external-call-in-transaction",
    level=Level.WARNING,
    summary="slow work that is not the database's is done while a connection is held",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, "
            "connection timed out, timeout 30.00"
        ),
        "idle in transaction",
        "terminating connection due to idle-in-transaction timeout",
        "cannot call PreparedStatement.fetch(): the underlying connection is closed",
    ),
)
