"""The fix for ``gather`` on one session: one awaited after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix, Position, Range
from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.model.names import Names
    from pool_lint.syntax.tree import Tree

_MESSAGE = "Await one after the other"


def one_after_the_other(gather: cst.Call, names: Names) -> Callable[[Tree], Fix | None] | None:
    """Await what a ``gather`` is given one by one, in the order in which it stands there.

    Args:
        gather: the call.
        names: the names of its module.

    Returns:
        The fix; None where something is not written out as a call, or where exceptions are results.
    """
    awaiting = names.parents.get(id(gather))
    if not isinstance(awaiting, cst.Await) or awaiting.lpar or not gather.args:
        return None
    if any(arg.keyword is not None for arg in gather.args):
        return None
    many = gather.args[0].value
    if len(gather.args) == 1 and gather.args[0].star == "*":
        if not isinstance(many, (cst.ListComp, cst.GeneratorExp)) or many.for_in.asynchronous:
            return None
        return _comprehension(awaiting, many) if isinstance(many.elt, cst.Call) else None
    if any(arg.star or not isinstance(arg.value, cst.Call) for arg in gather.args):
        return None
    statement = names.parents.get(id(awaiting))
    return _in_lines(awaiting, gather, statement) or _as_list(awaiting, gather)


def _comprehension(
    awaiting: cst.Await, many: cst.ListComp | cst.GeneratorExp
) -> Callable[[Tree], Fix | None]:
    """``[await f(x) for x in rows]``."""

    def fix(tree: Tree) -> Fix | None:
        whole, inner, element = (tree.range_of(one) for one in (awaiting, many, many.elt))
        begin, end = inner.start, inner.end
        if isinstance(many, cst.ListComp):
            begin, end = _after(begin), _before(end)
        edits = (
            Edit(Range(whole.start, begin), "["),
            Edit(Range(element.start, element.start), "await "),
            Edit(Range(end, whole.end), "]"),
        )
        return Fix(Applicability.UNSAFE, _MESSAGE, edits)

    return fix


def _as_list(awaiting: cst.Await, gather: cst.Call) -> Callable[[Tree], Fix | None]:
    """``[await f(), await g()]``, which leaves lines and comments where they are."""

    def fix(tree: Tree) -> Fix | None:
        whole = tree.range_of(awaiting)
        opening = tree.range_of(gather.func).end
        edits = [Edit(Range(whole.start, _after(opening)), "[")]
        for arg in gather.args:
            place = tree.range_of(arg.value).start
            edits.append(Edit(Range(place, place), "await "))
        edits.append(Edit(Range(_before(whole.end), whole.end), "]"))
        return Fix(Applicability.UNSAFE, _MESSAGE, tuple(edits))

    return fix


def _in_lines(
    awaiting: cst.Await, gather: cst.Call, statement: cst.CSTNode | None
) -> Callable[[Tree], Fix | None] | None:
    """``a = await f()`` and ``b = await g()``, each on a line of its own."""
    targets: list[cst.BaseExpression] = []
    if isinstance(statement, cst.Assign):
        target = statement.targets[0].target
        if len(statement.targets) != 1 or not isinstance(target, cst.Tuple) or target.lpar:
            return None
        targets = [element.value for element in target.elements]
        names = [one for one in targets if isinstance(one, cst.Name)]
        if len(names) != len(gather.args) or len(names) != len(targets):
            return None
        used = {inner.value for arg in gather.args for inner in _names_in(arg.value)}
        if used.intersection(name.value for name in names):
            return None
    elif not isinstance(statement, cst.Expr):
        return None

    def fix(tree: Tree) -> Fix | None:
        place = tree.range_of(statement)
        text = tree.text_of(statement)
        if not tree.begins_line(statement) or "#" in text:
            return _as_list(awaiting, gather)(tree)
        indent = tree.indent_of(place.start.row)
        lines = []
        for index, arg in enumerate(gather.args):
            call = tree.text_of(arg.value)
            if "\n" in call or "\r" in call:
                return _as_list(awaiting, gather)(tree)
            given = f"{tree.text_of(targets[index])} = " if targets else ""
            lines.append(f"{given}await {call}")
        return Fix(
            Applicability.UNSAFE, _MESSAGE, (Edit(place, f"{tree.newline}{indent}".join(lines)),)
        )

    return fix


def _names_in(node: cst.CSTNode) -> list[cst.Name]:
    return [inner for inner in walk(node) if isinstance(inner, cst.Name)]


def _after(place: Position) -> Position:
    return Position(place.row, place.column + 1)


def _before(place: Position) -> Position:
    return Position(place.row, place.column - 1)
