"""What classes of the project are made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pool_lint.model.values import Class

if TYPE_CHECKING:
    from pool_lint.model.names import ClassInfo

_MAX_DEPTH = 8


def has_own_constructor(info: ClassInfo, depth: int = _MAX_DEPTH) -> bool:
    """Whether a class of the project, or one that it descends from, says what it is made from.

    Args:
        info: the class.
        depth: through so many bases it is looked for.
    """
    if info.method("__init__") is not None:
        return True
    for base in info.bases if depth else ():
        value = info.names.lookup.expression(base, info.outer)
        if isinstance(value, Class) and has_own_constructor(value.info, depth - 1):
            return True
    return False
