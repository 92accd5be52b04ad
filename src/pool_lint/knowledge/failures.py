"""Which exceptions a statement raises, which handlers catch them, and who tries again."""

from __future__ import annotations

# From the wide to the narrow: what catches the first of a row catches all behind it.
_WIDE = ("BaseException", "Exception")
_SQLALCHEMY_WIDE = ("SQLAlchemyError", "StatementError", "DBAPIError")
_NARROW = ("InterfaceError", "DatabaseError", "OperationalError", "IntegrityError", "DataError",
           "InternalError", "ProgrammingError", "NotSupportedError")  # fmt: skip
# What a flush raises without asking the database.
_FLUSH = ("StaleDataError", "FlushError")
# A disconnect that asyncpg notices arrives as an InterfaceError of SQLAlchemy's.
_DISCONNECT = frozenset((*_SQLALCHEMY_WIDE, "InterfaceError"))
# Who names one of these and not those above wants the disconnect, and does not get it.
_MEANT = frozenset(("OperationalError", "DisconnectionError"))
_MEANT_ELSEWHERE = frozenset(
    ("ConnectionResetError", "ConnectionDoesNotExistError", "PostgresConnectionError",
     "InterfaceError", "ConnectionFailureError", "AdminShutdownError")
)  # fmt: skip

# Decorators that call a function again when it has raised, and the argument that says when.
RETRY_DECORATORS = {
    "tenacity.retry": "retry",
    "backoff.on_exception": "exception",
    "stamina.retry": "on",
    "retrying.retry": "",
    "retry.retry": "exceptions",
    "retry.api.retry": "exceptions",
}
# What is iterated over for ``with attempt:``.
RETRY_LOOPS = {
    "tenacity.Retrying": "retry",
    "tenacity.AsyncRetrying": "retry",
    "stamina.retry_context": "on",
}
# What such a loop gives, to be entered.
ATTEMPTS = frozenset(f"{path}()[]" for path in RETRY_LOOPS)
# The first argument without a name.
POSITIONAL = {"backoff.on_exception": {"exception": 1}, "retry.retry": {"exceptions": 0},
              "retry.api.retry": {"exceptions": 0}, "stamina.retry_context": {"on": 0}}  # fmt: skip
BY_TYPE = ("tenacity.retry_if_exception_type", "tenacity.retry.retry_if_exception_type")
# What may be done between two attempts, and does nothing with a session.
LOGGERS = ("before_log", "after_log", "before_sleep_log")
CALLBACKS = ("before", "after", "before_sleep", "retry_error_callback", "on_backoff", "on_giveup")


def _is_sqlalchemy(path: str) -> bool:
    return path.partition(".")[0] == "sqlalchemy"


def catches_all(path: str) -> bool:
    """Whether an exception class is one that everything descends from."""
    return path.rpartition(".")[2] in _WIDE and path.partition(".")[0] in (*_WIDE, "builtins")


def catches_statement(path: str) -> bool:
    """Whether a handler for the exception class ``path`` may get what a statement raised."""
    word = path.rpartition(".")[2]
    if catches_all(path):
        return True
    return _is_sqlalchemy(path) and word in (*_SQLALCHEMY_WIDE, *_NARROW, *_FLUSH)


def catches_disconnect(path: str) -> bool:
    """Whether it gets the disconnect that SQLAlchemy tells of when the driver is asyncpg."""
    return catches_all(path) or (_is_sqlalchemy(path) and path.rpartition(".")[2] in _DISCONNECT)


def means_disconnect(path: str) -> bool:
    """Whether who names the class wants to catch a disconnect."""
    root, word = path.partition(".")[0], path.rpartition(".")[2]
    if _is_sqlalchemy(path):
        return word in _MEANT
    return word in _MEANT_ELSEWHERE and root in ("asyncpg", "builtins", word)
