"""What an imported name gives to ``Depends``, by the text of its definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pool_lint.model.foreign import is_foreign
from pool_lint.syntax.serving import dependencies_in, may_hand_out_in_block

if TYPE_CHECKING:
    from pool_lint.model.lazy_module import LazyModule

# How often a name may be imported from a module that imports it itself.
_DEPTH = 4


def is_no_dependency(module: LazyModule, name: str, depth: int = _DEPTH) -> bool:
    """Whether a name of a module may be a context manager or a session factory.

    Args:
        module: where the name is used.
        name: the name.
        depth: how far imports are followed.
    """
    path = module.imported(name)
    if path is None:
        parts = module.parts_of(name)
        if len(parts) != 1:
            return False
        part = parts[0]
        if part.kind == "def":
            return "contextmanager" in part.text.partition("def ")[0]
        return part.kind == "other" and ("contextmanager(" in part.text or "maker(" in part.text)
    if not depth or module.project is None or is_foreign(path):
        return False
    found = module.project.resolve(path, module.path)
    return found is not None and is_no_dependency(found[0], found[1], depth - 1)


def hands_out_in_block(module: LazyModule, name: str, depth: int = _DEPTH) -> bool:
    """Whether a name of a module may be a dependency that yields inside of a ``begin()`` block.

    Args:
        module: where the name is used.
        name: the name of the dependency, or of an annotation that names it.
        depth: how far imports are followed.
    """
    path = module.imported(name)
    if path is None:
        parts = module.parts_of(name)
        if len(parts) != 1 or not depth:
            return False
        text = parts[0].text
        if parts[0].kind == "def":
            return may_hand_out_in_block(text)
        return any(hands_out_in_block(module, one, depth - 1) for one in dependencies_in(text))
    if not depth or module.project is None or is_foreign(path):
        return False
    found = module.project.resolve(path, module.path)
    return (
        found is not None
        and any(word in found[0].source.text for word in (".begin(", "Depends("))
        and hands_out_in_block(found[0], found[1], depth - 1)
    )
