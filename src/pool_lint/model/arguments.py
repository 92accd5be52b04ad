"""Fixes for the arguments of a call: take them away, rename them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from libcst import Call

from pool_lint.findings import Applicability, Edit, Fix, Position, Range

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import libcst as cst

    from pool_lint.syntax.tree import Tree


def drop_arguments(call: cst.Call, args: list[cst.Arg]) -> Callable[[Tree], Fix | None]:
    """Take keywords away that are written in a call."""

    def fix(tree: Tree) -> Fix | None:
        names = " and ".join(f"`{arg.keyword.value}`" for arg in args if arg.keyword is not None)
        return Fix(Applicability.SAFE, f"Drop {names}", removal(tree, call, args))

    return fix


def removal(tree: Tree, call: cst.Call | cst.Dict, args: Sequence[cst.CSTNode]) -> tuple[Edit, ...]:
    """What has to be deleted for a call, or a mapping, to lose some of its parts; not all of them.

    A call may lose its only argument.
    """
    dropped = {id(arg) for arg in args}
    return tuple(Edit(place, "") for place in _places(tree, call, dropped))


def _places(tree: Tree, call: cst.Call | cst.Dict, dropped: set[int]) -> Iterator[Range]:
    given: Sequence[cst.CSTNode] = call.args if isinstance(call, Call) else call.elements
    for first, last in _runs(given, dropped):
        begin, end = tree.range_of(given[first]).start, tree.range_of(given[last]).end
        if tree.begins_line(given[first]) and not _behind(tree, end).lstrip(","):
            yield Range(Position(begin.row, 1), Position(end.row + 1, 1))
        elif last + 1 < len(given):
            yield Range(begin, tree.range_of(given[last + 1]).start)
        elif first:
            yield Range(tree.range_of(given[first - 1]).end, end)
        else:
            comma = len(_behind(tree, end).partition(")")[0])
            yield Range(begin, Position(end.row, end.column + comma))


def _runs(given: Sequence[cst.CSTNode], dropped: set[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of arguments that go together."""
    first = None
    for index, arg in enumerate(given):
        if id(arg) in dropped and first is None:
            first = index
        elif id(arg) not in dropped and first is not None:
            yield first, index - 1
            first = None
    if first is not None:
        yield first, len(given) - 1


def _behind(tree: Tree, end: Position) -> str:
    """What follows on the same line, without a comment."""
    rest = tree.source.lines[end.row - 1][end.column - 1 :]
    return rest.partition("#")[0].strip()
