"""# async-expire-on-commit (POOL301)
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
    code="POOL301",
    name="async-expire-on-commit",
    level=Level.WARNING,
    summary="objects of an async session expire at commit and cannot be read any more",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called; can't call "
            "await_() here. Was IO attempted in an unexpected place?"
        ),
        (
            "sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called; can't call "
            "await_only() here. Was IO attempted in an unexpected place?"
        ),
        (
            "sqlalchemy.orm.exc.DetachedInstanceError: Instance is not bound to a Session; "
            "attribute refresh operation cannot proceed"
        ),
    ),
)
