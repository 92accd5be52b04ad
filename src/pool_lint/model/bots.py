"""What the commands and listeners of a chat bot are given, by what they are registered as.

Few write ``ctx: commands.Context``: what a command is given first is its context, and what an
event is given first its name tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pool_lint.knowledge import frameworks as fw
from pool_lint.model.values import UNKNOWN, Origin, Value

if TYPE_CHECKING:
    import libcst as cst

    from pool_lint.model.names import FunctionInfo


def given(param: cst.Param, info: FunctionInfo) -> Value:
    """What a parameter is for a function that a library of bots calls.

    Args:
        param: one that says nothing of itself.
        info: its function.

    Returns:
        The library's object, or Unknown.
    """
    params = info.params[1:] if info.self_name is not None else info.params
    if not info.is_async or not params or params[0] is not param:
        return UNKNOWN
    words = info.decorator_names
    path = ""
    if words & fw.BOT_COMMANDS:
        path = "ext.commands.Context"
    elif words & fw.BOT_LISTENERS:
        path = fw.BOT_SUBJECTS.get(info.name, "")
    else:
        path = next((fw.AIOGRAM_SUBJECTS[one] for one in words if one in fw.AIOGRAM_SUBJECTS), "")
        return Origin(f"aiogram.types.{path}()") if path and _imports(info, "aiogram") else UNKNOWN
    library = _library(info) if path else None
    return Origin(f"{library}.{path}()") if library is not None else UNKNOWN


def _library(info: FunctionInfo) -> str | None:
    """The library of bots with commands that the file of a function uses."""
    return next((one for one in sorted(fw.DISCORD_LIBRARIES) if _imports(info, f"{one}.ext")), None)


def _imports(info: FunctionInfo, module: str) -> bool:
    """Whether the file of a function imports a module, or something of it."""
    return any(f"{path}.".startswith(f"{module}.") for path in info.names.imports)
