"""# unawaited-session-call (POOL501)
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
    code="POOL501",
    name="unawaited-session-call",
    level=Level.ERROR,
    summary="a coroutine of an async session or connection is never awaited and never runs",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "RuntimeWarning: coroutine 'AsyncSession.commit' was never awaited",
        "RuntimeWarning: coroutine 'AsyncSession.execute' was never awaited",
        "AttributeError: 'coroutine' object has no attribute 'scalars'",
        "current transaction is aborted, commands ignored until end of transaction block",
        (
            "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, "
            "connection timed out, timeout 30.00"
        ),
        (
            "The garbage collector is trying to clean up non-checked-in connection, which "
            "will be terminated."
        ),
    ),
)
