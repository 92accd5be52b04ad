"""Bytes become text as Python reads them, and become the same bytes again."""

from __future__ import annotations

import importlib.util

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pool_lint.syntax.gate import may_concern
from pool_lint.syntax.source import Source, UnreadableSource, split_lines

BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"x = 1\n", "utf-8"),
        (b"", "utf-8"),
        ("x = 'ä'\n".encode(), "utf-8"),
        (b"# coding: latin-1\nx = '\xe4'\n", "iso8859-1"),
        (b"# -*- coding: latin-1 -*-\nx = '\xe4'\n", "iso8859-1"),
        (b"# vim: set fileencoding=latin_1 :\nx = '\xe4'\n", "iso8859-1"),
        (b"#!/usr/bin/python\n# coding: cp1252\nx = '\xe4'\n", "cp1252"),
        (b"\n# coding: cp1252\nx = '\xe4'\n", "cp1252"),
        (b" \t\x0c# coding: cp1252\nx = '\xe4'\n", "cp1252"),
        (b"# \xe4\n# coding: cp1252 \xe4\n", "cp1252"),
        (b"#!/usr/bin/python\r\n# coding: cp1252\r\nx = '\xe4'\r\n", "cp1252"),
        ("# coding: shift_jis\nx = '東'\n".encode("shift_jis"), "shift_jis"),
        # A cookie in the third line, behind code or in a string is none.
        (b"\n\n# coding: cp1252\n", "utf-8"),
        (b"x = 1\n# coding: cp1252\n", "utf-8"),
        (b"x = '# coding: cp1252'\n", "utf-8"),
        (b"# decoding is hard\n", "utf-8"),
    ],
)
def test_the_encoding_is_the_one_that_python_sees(data: bytes, encoding: str) -> None:
    compile(data, "source", "exec")
    source = Source.read(data)
    assert source.encoding == encoding
    assert source.encode(source.text) == data


@pytest.mark.parametrize(
    "data",
    [
        b"# -*- coding: utf-8-unix -*-\nx = '\xc3\xa4'\n",
        b"# -*- coding: UTF_8_mac -*-\nx = '\xc3\xa4'\n",
        b"# -*- coding: latin-1-dos -*-\r\nx = '\xe4'\r\n",
        b"# -*- coding: iso-8859-1-unix -*-\nx = '\xe4'\n",
        b"# -*- coding: iso_latin_1_unix -*-\nx = '\xe4'\n",
        b"# -*- coding: iso-latin-1 -*-\nx = '\xe4'\n",
        b"# -*- coding: iso-8859-15 -*-\nx = '\xa4'\n",
        b"# -*- coding: utf-8-sig -*-\nx = 1\n",
        b"# -*- coding: utf--8-sig -*-\nx = 1\n",
        BOM + b"# -*- coding: utf-8-sig -*-\nx = 1\n",
        BOM + b"# -*- coding: utf-8-unix -*-\nx = '\xc3\xa4'\n",
    ],
)
def test_names_that_editors_give_to_an_encoding_are_known(data: bytes) -> None:
    compile(data, "source", "exec")
    source = Source.read(data)
    assert source.text.replace("\r\n", "\n") == importlib.util.decode_source(data)
    assert source.encode(source.text) == data


@pytest.mark.parametrize("name", ["utf-8unix", "latin-1dos", "iso-8859-1x", "dos-utf-8"])
def test_what_only_begins_like_an_encoding_is_none(name: str) -> None:
    with pytest.raises(UnreadableSource, match="unknown encoding"):
        Source.read(f"# coding: {name}\n".encode())


@pytest.mark.parametrize("cookie", [b"", b"# coding: utf-8\n", b"#\n# coding: UTF-8\n"])
def test_a_mark_is_kept_and_is_no_text(cookie: bytes) -> None:
    source = Source.read(BOM + cookie + b"x = 1\n")
    assert (source.bom, source.encoding) == (BOM, "utf-8")
    assert not source.text.startswith("\ufeff")
    assert source.encode(source.text) == BOM + cookie + b"x = 1\n"


def test_text_may_come_decoded() -> None:
    source = Source.read("\ufeff# coding: latin-1\nx = '€'\n")
    assert source.text == "# coding: latin-1\nx = '€'\n"
    assert source.encode(source.text) == BOM + "# coding: latin-1\nx = '€'\n".encode()


@pytest.mark.parametrize(
    ("data", "reason", "row"),
    [
        (b"x = 1\ny = '\xff'\n", "byte 0xff is not utf-8 text", 2),
        (b"# coding: ascii\n\n\nx = '\xe4'\n", "byte 0xe4 is not ascii text", 4),
        (b"# coding: klingon\n", "unknown encoding: klingon", 1),
        (b"#!/bin/sh\n# coding: klingon\n", "unknown encoding: klingon", 2),
        (BOM + b"# coding: latin-1\n", "contradicts the UTF-8 byte order mark", 1),
        (BOM + b"# coding: latin-1-unix\n", "contradicts the UTF-8 byte order mark", 1),
        (b"x = 1\r\ny = 2\r\0\n", "source contains NUL bytes", 3),
        (b"# coding: base64\nx = 1\n", "not a text encoding", 1),
        (b"# coding: rot13\nx = 1\n", "not a text encoding", 1),
    ],
)
def test_what_python_refuses_is_refused_with_a_reason(data: bytes, reason: str, row: int) -> None:
    with pytest.raises((SyntaxError, ValueError)):
        compile(data, "source", "exec")
    with pytest.raises(UnreadableSource) as error:
        Source.read(data)
    assert reason in error.value.reason
    assert error.value.row == row


def test_nul_in_text_is_refused() -> None:
    with pytest.raises(UnreadableSource) as error:
        Source.read("a\nb\0")
    assert error.value.row == 2


def test_only_newlines_end_a_line() -> None:
    text = "a\x0bb\x0c\x1c\x85\u2028c\nd\r\ne\rf"
    assert split_lines(text) == ["a\x0bb\x0c\x1c\x85\u2028c\n", "d\r\n", "e\r", "f"]
    assert Source(text).lines == split_lines(text)


@given(st.text(alphabet="ab\r\n\x0c\x0b\x85\u2028", max_size=30))
def test_lines_are_those_of_python_and_lose_nothing(text: str) -> None:
    lines = split_lines(text)
    assert "".join(lines) == text
    plain = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert [line.rstrip("\r\n") for line in lines] == (plain if plain[-1] else plain[:-1])


@given(
    st.lists(
        st.sampled_from(
            [b"# coding: ", b"#", b"coding=", b"utf-8", b"latin-1", b"-sig", b"-dos", b"ascii", b"nope", b"x", b" ",
             b"\n", b"\r\n", b"\x0c", b"-*-", b"'", b"\xc3\xa4", b"\xe4", b"\xef\xbb\xbf"]
        ),
        max_size=9,
    )
)  # fmt: skip
def test_bytes_are_readable_where_python_can_read_them(pieces: list[bytes]) -> None:
    """What Python decodes is read as the same text, and comes back byte for byte."""
    data = b"".join(pieces)
    try:
        expected = importlib.util.decode_source(data)
    except (SyntaxError, ValueError):
        try:
            source = Source.read(data)
        except UnreadableSource:
            return
        # The interpreter takes the line that names an encoding in this encoding; tokenize does not.
        assert source.encoding != "utf-8"
        with pytest.raises(UnicodeDecodeError):
            b"\n".join(data.split(b"\n")[:2]).decode()
    else:
        source = Source.read(data)
        assert source.text.replace("\r\n", "\n").replace("\r", "\n") == expected
        assert source.encode(source.text) == data


@pytest.mark.parametrize(
    "text",
    [
        "from sqlalchemy import create_engine",
        "import sqlmodel",
        "import asyncpg",
        "engine = make_create_async_engine(url)",
        "async def f(session):\n    async with session.begin():\n        pass",
        "async def f(engine):\n    engine.dispose()",
    ],
)
def test_the_gate_lets_through_what_can_concern_us(text: str) -> None:
    assert may_concern(text.encode())
    assert may_concern(BOM + text.replace("\n", "\r\n").encode())


@pytest.mark.parametrize("data", [b"", b"import os\n", b"session = requests.Session()\n", b"\xff"])
def test_the_gate_keeps_out_what_cannot(data: bytes) -> None:
    assert not may_concern(data)
