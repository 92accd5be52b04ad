"""Whether an asyncpg pool is ever opened: awaited, entered, or handed to somebody who may do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.syntax.parse import parse_whole
from pool_lint.syntax.source import UnreadableSource
from pool_lint.syntax.walk import children

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pool_lint.model.creations import Creation
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import Binding

_USED = "used"
_OPENED = "opened"
_NEITHER = "neither"
_TESTS = (cst.Comparison, cst.If, cst.IfExp, cst.While, cst.Assert, cst.UnaryOperation,
          cst.BooleanOperation)  # fmt: skip


def stays_closed(creation: Creation, model: ModuleModel) -> bool:
    """Whether a pool is made in a function and used without ever having been opened.

    Where nobody can tell who else opens it, it is taken to be open.
    """
    parents = model.names.parents
    info = creation.function
    parent = parents.get(id(creation.call))
    if info is None:
        return False
    if isinstance(parent, (cst.Expr, cst.Attribute)):
        return True
    target = _target(creation.call, parent)
    if isinstance(target, cst.Name):
        home = creation.scope.find(target.value)
        if home is creation.scope:
            return _is_only(home.names[target.value], creation) and _only_used(
                info.node, _is_name(target.value)
            )
        return home is model.names.module and _in_whole_file(
            creation, model, _is_name(target.value), home.names[target.value]
        )
    if isinstance(target, cst.Attribute) and info.class_info is not None:
        word = target.attr.value
        if not isinstance(target.value, cst.Name) or target.value.value != info.self_name:
            return False
        bindings = info.class_info.attributes.get(word, [])
        return _in_whole_file(creation, model, _is_attribute(word), bindings)
    return False


def _target(call: cst.Call, parent: cst.CSTNode | None) -> cst.CSTNode | None:
    """The one thing that a call is assigned to."""
    if isinstance(parent, cst.Assign) and len(parent.targets) == 1:
        return parent.targets[0].target
    return parent.target if isinstance(parent, cst.AnnAssign) and parent.value is call else None


def _is_only(bindings: list[Binding], creation: Creation) -> bool:
    """Whether a name holds this pool or None, and nothing else."""
    nodes = [binding.node for binding in bindings if binding.kind != "declare"]
    return all(
        node is creation.call or (isinstance(node, cst.Name) and node.value == "None")
        for node in nodes
    )


def _in_whole_file(
    creation: Creation,
    model: ModuleModel,
    is_it: Callable[[cst.CSTNode], bool],
    bindings: list[Binding],
) -> bool:
    """The same for what all of the file can see; not all of the file has been parsed so far."""
    if not _is_only(bindings, creation):
        return False
    try:
        whole = parse_whole(model.tree_of(creation.call).source)
    except (UnreadableSource, LookupError):
        return False
    return _only_used(whole.module, is_it)


def _only_used(root: cst.CSTNode, is_it: Callable[[cst.CSTNode], bool]) -> bool:
    """Whether a pool is used below ``root``, and never opened nor handed on."""
    found = {_use(node, above, grand) for node, above, grand in _with_parents(root) if is_it(node)}
    return _USED in found and _OPENED not in found


def _use(node: cst.CSTNode, parent: cst.CSTNode, above: cst.CSTNode) -> str:
    if isinstance(parent, cst.Attribute):
        operation = sa.POOL_METHODS.get(parent.attr.value)
        is_call = isinstance(above, cst.Call) and above.func is parent
        if operation is None or not is_call:
            return _OPENED
        return _USED if operation.effect else _NEITHER
    if isinstance(parent, (cst.AssignTarget, cst.Param, *_TESTS)):
        return _NEITHER
    return _NEITHER if isinstance(parent, cst.AnnAssign) and parent.target is node else _OPENED


def _with_parents(
    root: cst.CSTNode,
) -> Iterator[tuple[cst.CSTNode, cst.CSTNode, cst.CSTNode]]:
    stack = [(root, root, root)]
    while stack:
        node, parent, above = stack.pop()
        yield node, parent, above
        stack.extend((child, node, parent) for child in children(node))


def _is_name(word: str) -> Callable[[cst.CSTNode], bool]:
    return lambda node: isinstance(node, cst.Name) and node.value == word


def _is_attribute(word: str) -> Callable[[cst.CSTNode], bool]:
    return lambda node: isinstance(node, cst.Attribute) and node.attr.value == word
