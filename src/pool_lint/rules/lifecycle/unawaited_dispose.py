"""# unawaited-dispose (POOL202)
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
    code="POOL202",
    name="unawaited-dispose",
    level=Level.ERROR,
    summary="dispose() of an async engine is not awaited and closes nothing",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "RuntimeWarning: coroutine 'AsyncEngine.dispose' was never awaited",
        "ResourceWarning: unclosed connection",
    ),
)
