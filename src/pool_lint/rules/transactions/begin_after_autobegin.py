"""# begin-after-autobegin (POOL404)
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
    code="POOL404",
    name="begin-after-autobegin",
    level=Level.ERROR,
    summary="begin() is called where a transaction has already begun by itself",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        "sqlalchemy.exc.InvalidRequestError: A transaction is already begun on this Session.",
        (
            "This connection has already initialized a SQLAlchemy Transaction() object via "
            "begin() or autobegin; can't call begin() here unless rollback() or commit() is "
            "called first."
        ),
    ),
)
