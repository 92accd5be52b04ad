"""The exceptions of SQLAlchemy's that an error of the database may be, and those above them."""

from __future__ import annotations

OF_DATABASE = frozenset(
    ("Exception", "BaseException", "SQLAlchemyError", "StatementError", "DBAPIError",
     "DatabaseError", "IntegrityError", "OperationalError", "ProgrammingError", "DataError",
     "InternalError")
)  # fmt: skip
