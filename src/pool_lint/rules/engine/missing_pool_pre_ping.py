"""# missing-pool-pre-ping (POOL102)
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
    code="POOL102",
    name="missing-pool-pre-ping",
    level=Level.WARNING,
    summary="an engine without pool_pre_ping hands out connections the server has closed",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.InterfaceError: "
            "(sqlalchemy.dialects.postgresql.asyncpg.InterfaceError) connection is closed"
        ),
        "<class 'asyncpg.exceptions._base.InterfaceError'>: connection is closed",
        (
            "sqlalchemy.exc.OperationalError: (psycopg.errors.AdminShutdown) terminating "
            "connection due to administrator command"
        ),
        (
            "sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) server closed the "
            "connection unexpectedly"
        ),
        (
            "asyncpg.exceptions.ConnectionDoesNotExistError: connection was closed in the "
            "middle of operation"
        ),
    ),
)
