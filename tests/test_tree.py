"""Ranges are those of libcst's own PositionProvider, and of the file, whatever was left out."""

from __future__ import annotations

import ast
import asyncio.base_events
import tokenize
import typing
from collections.abc import Mapping
from pathlib import Path

import libcst as cst
import pytest
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from pool_lint.findings import Position, Range
from pool_lint.syntax.parse import parse, parse_whole
from pool_lint.syntax.source import Source
from pool_lint.syntax.tree import Tree
from pool_lint.syntax.walk import children, walk

FIXTURES = Path(__file__).parent / "fixtures"
STDLIB = [Path(str(module.__file__)) for module in (ast, asyncio.base_events, tokenize, typing)]
FILES = [
    *(path for path in sorted(FIXTURES.glob("*/*.py")) if "unreadable" not in path.parent.name),
    # Far from us in style: decorators, comprehensions, long strings, every operator.
    *STDLIB,
]
NAMES = [f"{path.parent.name}/{path.name}" for path in FILES]


def _source(path: Path) -> Source:
    return Source.read(path.read_bytes(), str(path))


def _cut(source: Source, place: Range) -> str:
    """The text at a range of a file."""
    rows = source.lines[place.start.row - 1 : place.end.row]
    if not rows:
        return ""
    rows[-1] = rows[-1][: place.end.column - 1]
    rows[0] = rows[0][place.start.column - 1 :]
    return "".join(rows)


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_ranges_are_those_of_libcst(path: Path) -> None:
    tree = parse_whole(_source(path))
    positions = MetadataWrapper(tree.module, unsafe_skip_copy=True).resolve(PositionProvider)
    for statement in tree.module.body:
        check(tree, statement, positions)


def check(tree: Tree, statement: cst.CSTNode, positions: Mapping[cst.CSTNode, CodeRange]) -> None:
    for node in walk(statement):
        theirs = positions[node]
        start = Position(theirs.start.line, theirs.start.column + 1)
        end = Position(theirs.end.line, theirs.end.column + 1)
        assert tree.range_of(node) == Range(start, end), tree.text_of(node)


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_node_has_the_text_at_its_range(path: Path) -> None:
    tree = parse_whole(_source(path))
    for node in walk(tree.module):
        assert tree.text_of(node) == _cut(tree.source, tree.range_of(node))


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_rows_stay_those_of_the_file_where_statements_are_left_out(path: Path) -> None:
    tree = parse(_source(path))
    if tree is None:
        return
    for node in walk(tree.module):
        place = tree.range_of(node)
        text = tree.text_of(node)
        # Of what spans lines, some may be left out; what stands on one is there.
        if "\n" not in text and text != "pass":
            assert text == _cut(tree.source, place)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_ranges_count_lines_as_python_does(newline: str) -> None:
    text = 'x = 1\n\x0c\ny = "\x0b\u2028"; z = f(\n  a,\n\tb\n)\n'.replace("\n", newline)
    tree = parse_whole(Source.read(text.encode()))
    names = [node for node in walk(tree.module) if isinstance(node, cst.Name)]
    found = {name.value: tree.range_of(name) for name in names}
    assert found["x"].start == Position(1, 1)
    assert found["z"].start == Position(3, 11)
    assert found["a"] == Range(Position(4, 3), Position(4, 4))
    assert found["b"] == Range(Position(5, 2), Position(5, 3))
    assert tree.newline == newline


def test_what_the_lines_around_a_node_look_like() -> None:
    text = "if x:\n\ta = 1; b = 2\n\tc = f(\n\t\t1)  # why\n\td = 3"
    tree = parse_whole(Source.read(text))
    lines = [node for node in walk(tree.module) if isinstance(node, cst.SimpleStatementLine)]
    small = [node for line in lines for node in line.body]
    assert [tree.begins_line(node) for node in small] == [True, False, True, True]
    assert tree.whole_lines_of(small[0]) is None
    assert tree.whole_lines_of(small[1]) is None
    assert tree.whole_lines_of(small[2]) == ["\tc = f(\n", "\t\t1)  # why\n"]
    assert tree.whole_lines_of(lines[0]) == ["\ta = 1; b = 2\n"]
    assert tree.indent_of(4) == "\t\t"
    assert tree.end_of_row(4) == Position(4, 12)
    assert tree.end_of_row(5) == Position(5, 7)


class _Meaning(cst.CSTVisitor):
    """Everything that libcst has below a node, but for blanks, operators and bare names."""

    def __init__(self) -> None:
        super().__init__()
        self.nodes: list[cst.CSTNode] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        kinds = (cst.BaseExpression, cst.BaseSmallStatement, cst.BaseCompoundStatement, cst.Arg)
        if isinstance(node, kinds) and not isinstance(node, cst.Name):
            self.nodes.append(node)
        # The dotted names of imports are read where they stand.
        return not isinstance(node, (cst.Import, cst.ImportFrom))


# The standard library has none of these yet.
TYPES = """
type A = B[c.d]
type E[F: g.h = i.j, *K = *l.m, **N = [o.p]] = q[r, s.t]
def u[V: (w.x, "Y")](z: V = a()) -> b.c: type D = e.f
class G[H: i.j](k.l, m=n.o): type p = q.r; type = s.t
"""


@pytest.mark.parametrize(
    "source", [*map(_source, STDLIB), Source.read(TYPES)], ids=[*(p.name for p in STDLIB), "types"]
)
def test_the_walk_meets_all_that_carries_meaning_once(source: Source) -> None:
    module = parse_whole(source).module
    visited = [id(node) for node in walk(module)]
    assert len(visited) == len(set(visited))
    visitor = _Meaning()
    module.visit(visitor)
    known = set(visited)
    assert [node for node in visitor.nodes if id(node) not in known] == []


def test_the_walk_follows_the_order_of_evaluation() -> None:
    """Bounds come before what may use them."""
    text = (
        "@a\ndef f[T: b = c](x: d = e) -> g: h\n@i\nclass A[*T = *j](k, m=n): o\ntype B[T: p] = q\n"
    )
    nodes = walk(parse_whole(Source.read(text)).module)
    assert "".join(n.value for n in nodes if isinstance(n, cst.Name)) == "abcdeghijknopq"


def test_a_node_without_meaning_below_it_has_no_children() -> None:
    assert children(cst.Name("x")) == []
    assert children(cst.Pass()) == []
