"""Find the mistakes that exhaust a connection pool, lose writes or hang a service.

The public names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pool_lint.findings import Applicability as Applicability
    from pool_lint.findings import Edit as Edit
    from pool_lint.findings import Finding as Finding
    from pool_lint.findings import Fix as Fix
    from pool_lint.findings import Level as Level
    from pool_lint.findings import Note as Note
    from pool_lint.findings import Position as Position
    from pool_lint.findings import Range as Range
    from pool_lint.pipeline import lint as lint
    from pool_lint.settings import Settings as Settings

__version__ = "0.1.0"

_HOMES = {
    "Applicability": "findings",
    "Edit": "findings",
    "Finding": "findings",
    "Fix": "findings",
    "Level": "findings",
    "Note": "findings",
    "Position": "findings",
    "Range": "findings",
    "Settings": "settings",
    "lint": "pipeline",
}
__all__ = [
    "Applicability",
    "Edit",
    "Finding",
    "Fix",
    "Level",
    "Note",
    "Position",
    "Range",
    "Settings",
    "__version__",
    "lint",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
