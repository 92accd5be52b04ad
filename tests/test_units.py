"""A file is cut at the edges of statements, and any choice of them is a program again."""

from __future__ import annotations

import ast
import asyncio.base_events
import random
import sys
import typing
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from pool_lint.pipeline import lint
from pool_lint.syntax import focus as focusing
from pool_lint.syntax.monsters import monstrous_row
from pool_lint.syntax.outline import outline
from pool_lint.syntax.screen import Screen
from pool_lint.syntax.source import Source, split_lines
from pool_lint.syntax.units import Unit, units_of

FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("POOL[1-5]*/*.py"))
STDLIB = [Path(str(module.__file__)) for module in (ast, asyncio.base_events, typing)]


def units(text: str) -> list[Unit]:
    return list(units_of(outline(split_lines(text))))


def rows(text: str) -> list[tuple[int, int]]:
    return [(unit.begin, unit.end) for unit in units(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a = 1\n\nb = (\n    2\n)\n", [(1, 1), (3, 5)], id="simple"),
        pytest.param("@a\n@b(\n    1\n)\ndef f():\n    pass\n", [(1, 6)], id="decorators"),
        pytest.param("a = 1; b = 2\nc = 3\n", [(1, 1), (2, 2)], id="semicolons"),
        pytest.param("a = '''\n'''; b = (\n1)\nc = 3\n", [(1, 3), (4, 4)], id="string, semicolon"),
        pytest.param("a = '''\nx = 1\n\n'''\nb = 2\n", [(1, 4), (5, 5)], id="string over lines"),
        pytest.param("a = 1 + \\\n    2\nb = 3\n", [(1, 2), (3, 3)], id="continued line"),
        pytest.param("a = 1; \\\n  b = 2\nc = 3\n", [(1, 2), (3, 3)], id="semicolon, backslash"),
        pytest.param("a = 'ä'; \\\n\\\n b = 2\nc = 3\n", [(1, 3), (4, 4)], id="backslashes"),
        pytest.param("a = 1 \\\n\nb = 2\n", [(1, 2), (3, 3)], id="backslash before nothing"),
        pytest.param("a = 1  # \\\nb = 2\n", [(1, 1), (2, 2)], id="backslash in a comment"),
        pytest.param(
            "class A:\n  a = 1  # \\\nb = 2\n", [(1, 1), (2, 2), (3, 3)], id="comment in a class"
        ),
        pytest.param("class A(\n  B\n): x = 1\nb = 2\n", [(1, 3), (4, 4)], id="class on its end"),
        pytest.param("class A: \\\n  x = 1\nb = 2\n", [(1, 2), (3, 3)], id="class, backslash"),
        pytest.param(
            "class A(\n  B\n):\n  @c\n  def f(): pass\n", [(1, 3), (4, 5)], id="class over lines"
        ),
        pytest.param("class A: x = 1\nb = 2\n", [(1, 1), (2, 2)], id="class in a line"),
        pytest.param("class A: x = 1; y = (\n1)\nb = 2\n", [(1, 2), (3, 3)], id="class, semicolon"),
        pytest.param(
            "@a\nclass A(B):\n    '''c'''\n\n    x = 1\n    @d\n    def f(self):\n        pass\n",
            [(1, 2), (3, 3), (5, 5), (6, 8)],
            id="members",
        ),
        pytest.param(
            "class A:\n    class B:\n        x = 1\n    y = 2\n",
            [(1, 1), (2, 2), (3, 3), (4, 4)],
            id="class in a class",
        ),
        pytest.param("a = 1\n\x0c\nb = 2\n", [(1, 1), (3, 3)], id="form feed"),
        pytest.param("a = '\x0b\x1c\u2028'\nb = 2\n", [(1, 1), (2, 2)], id="other line ends"),
        pytest.param("a = 1\r\nb = 2\r\n", [(1, 1), (2, 2)], id="CRLF"),
        pytest.param("if a:\n    b = 1\nelse:\n    c = 2\n", [(1, 4)], id="compound"),
        pytest.param("a = (\nb,\n'c'\n'd',\n)\ne = 1\n", [(1, 5), (6, 6)], id="no indent"),
        pytest.param(
            "a = b(\n1\n)\nc = ':('\nd = 2,\n'e'\n",
            [(1, 3), (4, 4), (5, 5), (6, 6)],
            id="brackets in strings",
        ),
        pytest.param(
            "def f():\n  # see (\n  a\n  # and (\n\nb = 1\n",
            [(1, 3), (6, 6)],
            id="brackets in comments",
        ),
        pytest.param(
            "a = \"'''\"\nb = '\"\"\"Schema'\nc = 1\n",
            [(1, 1), (2, 2), (3, 3)],
            id="quotes in strings",
        ),
        pytest.param(
            "def f():\n  \"\"\"It's\n'''here'''\n\n  \"\"\"\na = 1\n",
            [(1, 5), (6, 6)],
            id="quotes in a string over lines",
        ),
        pytest.param(
            "@a(')')\n# why\n\n@b\n# how\ndef f():\n  pass\n",
            [(1, 7)],
            id="comments between decorators",
        ),
        pytest.param(
            "\x0cdef f():\n  pass\n\x0cdef g():\n  pass\n",
            [(1, 2), (3, 4)],
            id="form feed before a statement",
        ),
        pytest.param(
            "a = 1\n# about b\n\n# and c\nb = '''\n# no comment\n'''\n# end\n",
            [(1, 1), (5, 7)],
            id="comments behind",
        ),
        pytest.param("a = 1", [(1, 1)], id="no last newline"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_where_a_file_is_cut(text: str, expected: list[tuple[int, int]]) -> None:
    assert rows(text) == expected


def test_what_a_unit_gives_a_meaning() -> None:
    text = (
        "import a.b, c as d\nfrom e import f as g\nh: int = 1\ni = j.k = l[m] = 1\n(n, *o), p = q\n"
        "r += 1\nOPTIONS.update(x)\ntry:\n    s = 1\nexcept E:\n    def t(): pass\n"
        "class U:\n    v = 1\n    def w(self):\n        self.x = 1\n        self.y: int = 2\n"
    )
    named = [sorted(unit.names) for unit in units(text)]
    assert {"a", "d"} <= {*named[0]}
    assert named[1] == ["g"]
    assert named[2] == ["h"]
    assert {"i"} <= {*named[3]}
    assert named[4] == ["n", "o", "p"]
    assert named[5] == ["r"]
    assert named[6] == ["OPTIONS"]
    assert named[7] == ["s", "t"]
    assert named[8:] == [["U"], ["v"], ["w", "x", "y"]]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="newer than this Python")
def test_a_type_alias_is_given_a_meaning() -> None:
    assert [unit.names for unit in units("type A[T] = list[T]\ntype B = c\n")] == [{"A"}, {"B"}]


def test_a_member_knows_its_class_and_a_function_its_body() -> None:
    header, member, method = units(
        "class A:\n    x = 1\n    def f(\n        self,\n    ):\n        y\n"
    )
    assert header.is_header and header.owner is None
    assert member.owner is header and not member.is_function
    assert method.owner is header and method.is_function
    assert method.indent == "    "
    assert not units("def f(): return 1\n")[0].is_function
    assert [unit.is_import for unit in units("import a\nfrom b import c\nimported = 1\n")] == [
        True, True, False
    ]  # fmt: skip


@pytest.mark.parametrize("path", [*FIXTURES, *STDLIB], ids=lambda path: path.stem)
def test_units_hold_every_statement_once(path: Path) -> None:
    text = Source.read(path.read_bytes()).text
    try:
        tree = ast.parse(text)
    except SyntaxError:
        pytest.skip("newer than this Python")
    found = units(text)
    for before, after in pairwise(found):
        assert before.end < after.begin
    covered = {row for unit in found for row in range(unit.begin, unit.end + 1)}
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            assert node.lineno in covered


def statements(body: list[ast.stmt], lines: list[str]) -> Iterator[tuple[int, int]]:
    """Where Python says that statements begin and end, a class before those in it."""
    last = 0
    for node in body:
        begin = min([node.lineno, *(n.lineno for n in getattr(node, "decorator_list", ()))])
        if begin <= last:
            # It shares a line with the one before.
            continue
        last = node.end_lineno or begin
        if (
            isinstance(node, ast.ClassDef)
            and not lines[node.body[0].lineno - 1][: node.body[0].col_offset].strip()
        ):
            yield begin, 0
            yield from statements(node.body, lines)
        else:
            yield begin, last


@pytest.mark.parametrize("path", [*FIXTURES, *STDLIB], ids=lambda path: path.stem)
def test_units_are_the_statements_that_python_sees(path: Path) -> None:
    text = Source.read_code(path.read_bytes()).text
    try:
        tree = ast.parse(text)
    except SyntaxError:
        pytest.skip("newer than this Python")
    found = [(unit.begin, 0 if unit.is_header else unit.end) for unit in units(text)]
    assert found == list(statements(tree.body, split_lines(text)))


def chosen(text: str, chance: random.Random, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is left of a text if its statements are chosen blindly."""

    def select(units: list[Unit], *_: object) -> None:
        for unit in units:
            if chance.random() < 0.4:
                member: Unit | None = unit
                while member is not None:
                    member.selected = True
                    member = member.owner

    with monkeypatch.context() as patched:
        patched.setattr(focusing, "select", select)
        patched.setattr(Screen, "wants", lambda *_: chance.random() < 0.5)
        left = focusing.focus(Source.read(text))
    return left.text if left is not None else ""


CORNERS = """\
'''A docstring.'''
@decorator(
    1,
)
class A(
    B,
):
    x = 1

    class C:
        class D: y = 2
        class E:
            # a comment
            z = '''
no indent
'''

    @property
    def f(self, a=(
        1,
    )) -> int:  # why
        '''Do.'''
        return 1

def g(): return 2
if x:
    a = 1; b = 2
c = 3; d = '''
'''; e = 4
f = lambda: (
\t5)
\x0c
async def h(
    a,
) -> None:
    pass
class F(
    B,
): x = 1; y = (
    2)
class G: \\
    x = 1; \\
    y = 2
def i(
    a,
): return a; b = 1
z = 1; \\
  \\
  y = 2 \\

class H(
    B,
):
    w = 1; \\
    v = 2  # \\
    u = 3 \\

t = 1
"""


@pytest.mark.parametrize(
    "text",
    [
        CORNERS,
        CORNERS.replace("\n", "\r\n"),
        *(path.read_text(encoding="utf-8") for path in STDLIB),
    ],
    ids=["corners", "CRLF", *(path.stem for path in STDLIB)],
)
def test_whatever_is_chosen_is_a_program(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(len(text))
    for _ in range(200 if len(text) < 1000 else 5):
        ast.parse(chosen(text, chance, monkeypatch))


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("x = " + "(" * 200 + ")" * 200, None),
        ("\nx = " + "(" * 201 + ")" * 201, 2),
        ("x = [{(" * 100, 1),
        ("x = '" + "(" * 500 + "'", None),
        ("x = '''\n" + "(" * 500 + "'''", None),
        ('x = "' + "(" * 500 + '"', None),
        (r"x = '\'" + "(" * 500 + "'", None),
        ("# " + "(" * 500, None),
        ("# don't\nx = " + "(" * 201, 2),
        (")" * 500 + "(" * 200, None),
        ("x = " + "+".join("y" * 3001), None),
        ("x = " + "+".join("y" * 3002), 1),
        ("x = (\n" + "+\n".join("y" * 3002) + ")", 3002),
        ("x = " + "-" * 3001 + "1", 1),
        ("x = y" + ".a" * 3001, 1),
        ("x = a + b\n" * 5000, None),
        ("x = '" + "+" * 5000 + "'", None),
        ("", None),
    ],
)
def test_monsters_are_known_by_their_text(text: str, row: int | None) -> None:
    assert monstrous_row(text) == row


HALF = "from sqlalchemy import create_engine\n"
LONG = "".join(f"    {number},\n" for number in range(20))
USE = "engine = create_engine('postgresql://db/app', pool_pre_ping=True, pool_recycle={})\n"


@pytest.mark.parametrize(
    "text",
    [
        f"def f(\n    a,\n): return [\n{LONG}]\n{USE.format('f(1)')}",
        f"class A(\n    object,\n): x = 1\n{USE.format('A')}",
        f"class A(\n    object,\n): x = 1; y = (\n    x\n)\n{USE.format('A')}",
        f"class A: \\\n    x = 1; \\\n    y = 90\n{USE.format('A.y')}",
        f"x = 1; \\\n    y = 90\n{USE.format('y')}",
        f"if True:\n    pass\ny = 90 \\\n\ndef f(): pass\n{USE.format('y')}",
    ],
    ids=["function", "class", "members", "class, backslash", "backslash", "backslash, nothing"],
)
def test_a_body_that_begins_where_its_header_ends(text: str) -> None:
    ast.parse(HALF + text)
    assert lint(HALF + text) == []


@pytest.mark.parametrize("element", ["-1.5", "Colour.RED", "(-1, a.b)", "f(-x)", "{'a': -1}"])
def test_a_long_list_is_no_monster(element: str) -> None:
    data = ", ".join([element] * 3200)
    assert monstrous_row(f"x = [{data}]") is None
    assert monstrous_row(f"x = f({data})") is None
    assert monstrous_row(f"x = a.b([-1, {data}], c)\ny = {data}") is None
    assert monstrous_row("; ".join([f"x = {element}"] * 3200)) is None


@pytest.mark.parametrize(
    "text",
    [
        "x = y" + ".a(b, c)" * 3001,
        "x = y" + ".a(b, c.d)[1, 2]" * 3001,
        "x = [1, 2, " + "+".join("y" * 3002) + ", 3]",
        "x = [" + "-1, " * 10 + "-" * 3001 + "1]",
        "x = [(-1, " + "+".join("y" * 2000) + ", 1) " + "+ y" * 1100 + "]",
        "x = " + "-f(a, " * 150 + "+".join("y" * 2900) + ")" * 150,
        "x = " + "lambda a, b=-1: " * 3001 + "1",
        "x = f(1" + ", -1" * 10 + ")" + "@y" * 3001,
    ],
    ids=[
        "calls",
        "subscripts",
        "element",
        "signs",
        "element and after",
        "nested",
        "lambda",
        "after",
    ],
)
def test_commas_hide_no_monster(text: str) -> None:
    assert monstrous_row(text) == 1


@pytest.mark.parametrize(
    "text",
    [
        "class A(\n    object,\n): x = 1\n",
        "class A(\n    object,\n): x = 1; y = (\n    2)\n",
        "class A: \\\n    x = 1; \\\n    y = 2\n",
        "class A: x = 1",
    ],
)
def test_a_class_is_no_outline_where_its_body_begins_within_its_header(text: str) -> None:
    (part,) = outline(split_lines(text))
    assert (part.names, part.members()) == ({"A"}, ("", []))


def test_the_members_of_an_outline() -> None:
    text = (
        "class A(\n    B[':('],  # (see:\n):\n    x = '\x0c\u2028'\n\x0c\n    y = 1 + \\\n    2\n"
        "    def f(self): return 2\n"
    )
    *_, part = outline(split_lines("\n\n" + text))
    header, members = part.members()
    assert header + "".join(member.text for member in members) == text
    assert [(member.begin, *member.names) for member in members] == [(6, "x"), (8, "y"), (10, "f")]


def test_what_an_outline_gives_a_meaning() -> None:
    text = "a = 1; \\\nb = 2\ntype C[T] = int\ntype D = str\ntype = 1\n# \\\ndef f(\n    a,\n): return 1\n"
    assert [part.names for part in outline(split_lines(text))] == [
        {"a", "b"}, {"C"}, {"D"}, {"type"}, {"f"}
    ]  # fmt: skip
