"""A file as text, without losing a byte of it."""

from __future__ import annotations

import codecs
import re
from functools import cached_property
from typing import TYPE_CHECKING

from pool_lint.syntax.facts import Facts

if TYPE_CHECKING:
    import libcst as cst

    from pool_lint.syntax.outline import Part

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:#.*)?$")
_NEWLINE = re.compile(r"\r\n|\n|\r")
_LONE_RETURN = re.compile(r"\r(?!\n)")
# Python knows these by how they begin: some editors add how lines end.
_WELL_KNOWN = re.compile(r"(?:(utf-8)|latin-1|iso-8859-1|iso-latin-1)(?:-|$)")


class UnreadableSource(Exception):
    """The bytes are not text that Python would accept.

    Attributes:
        reason: what is wrong, without a final stop.
        row: the line it concerns, from 1.
    """

    def __init__(self, reason: str, row: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.row = row


class Source:
    """Decoded text together with what is needed to write it back byte for byte."""

    __slots__ = ("_content", "bom", "encoding", "filename", "text")

    def __init__(
        self, text: str, filename: str = "<string>", encoding: str = "utf-8", bom: bytes = b""
    ) -> None:
        self.text = text
        self.filename = filename
        self.encoding = encoding
        self.bom = bom
        self._content = _Content(text)

    @classmethod
    def read(cls, content: str | bytes, filename: str = "<string>") -> Source:
        """Decode ``content`` as Python would.

        Raises:
            UnreadableSource: an unknown encoding, bytes that do not fit it, or NUL bytes.
        """
        if isinstance(content, str):
            bom = codecs.BOM_UTF8 if content.startswith("\ufeff") else b""
            text, encoding = content.removeprefix("\ufeff"), "utf-8"
        else:
            text, encoding, bom = _decode(content)
        nul = text.find("\0")
        if nul >= 0:
            raise UnreadableSource(
                "source contains NUL bytes", len(_NEWLINE.findall(text, 0, nul)) + 1
            )
        return cls(text, filename, encoding, bom)

    @classmethod
    def read_code(cls, content: str | bytes, filename: str = "<string>") -> Source:
        """Decode ``content`` to find out what it means.

        As ``read`` does it, but a carriage return alone has become a line feed, so that nobody who
        looks at lines has to think of it.  All places stay what they are.

        Raises:
            UnreadableSource: as ``read`` raises it.
        """
        source = cls.read(content, filename)
        if "\r" not in source.text:
            return source
        text = _LONE_RETURN.sub("\n", source.text)
        return cls(text, filename, source.encoding, source.bom)

    @property
    def facts(self) -> Facts:
        """What the text tells as a whole."""
        return self._content.facts

    @property
    def lines(self) -> list[str]:
        """The lines with their endings, split where Python splits them and nowhere else."""
        return self._content.lines

    @property
    def parts(self) -> list[Part]:
        """The top-level statements, read from the beginnings of lines."""
        return self._content.parts

    @property
    def modules(self) -> dict[tuple[int, str], cst.Module]:
        """Statements of it that were parsed, by the row where they begin and their text."""
        return self._content.modules

    def share(self, other: Source) -> bool:
        """Find out nothing twice about a file that is read twice.

        Returns:
            Whether the other source has the same text, and what is known of that.
        """
        if self.text != other.text:
            return False
        self._content = other._content
        return True

    def encode(self, text: str) -> bytes:
        """Bytes of ``text`` in this file's encoding, with its byte order mark.

        Raises:
            UnicodeEncodeError: the text holds a character that the encoding has not.
        """
        return self.bom + text.encode(self.encoding)


class _Content:
    """What is found out about a text, each once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.modules: dict[tuple[int, str], cst.Module] = {}

    @cached_property
    def facts(self) -> Facts:
        return Facts(self._text)

    @cached_property
    def lines(self) -> list[str]:
        return split_lines(self._text)

    @cached_property
    def parts(self) -> list[Part]:
        from pool_lint.syntax.outline import outline

        return outline(self.lines)


def split_lines(text: str) -> list[str]:
    """Split into lines that keep their endings; only ``\\n``, ``\\r\\n`` and ``\\r`` end a line."""
    if "\r" not in text:
        lines = [line + "\n" for line in text.split("\n")]
        last = lines.pop()[:-1]
    else:
        lines, begin = [], 0
        for match in _NEWLINE.finditer(text):
            lines.append(text[begin : match.end()])
            begin = match.end()
        last = text[begin:]
    if last:
        lines.append(last)
    return lines


def _decode(data: bytes) -> tuple[str, str, bytes]:
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    body = data[len(bom) :]
    name, row = _cookie(body)
    if name is None:
        encoding = "utf-8"
    else:
        known = _WELL_KNOWN.match(name)
        codec = (known[1] or "latin-1") if known else name
        try:
            # A mark is neither read nor written by a codec, it is kept by itself.
            encoding = codecs.lookup(codec).name.removesuffix("-sig")
        except LookupError:
            raise UnreadableSource(f"unknown encoding: {name}", row) from None
        if bom and encoding != "utf-8":
            raise UnreadableSource(f"encoding {name} contradicts the UTF-8 byte order mark", row)
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        row = body.count(b"\n", 0, error.start) + 1
        raise UnreadableSource(
            f"byte 0x{body[error.start]:02x} is not {encoding} text", row
        ) from None
    except (UnicodeError, LookupError, ValueError, TypeError, AssertionError) as error:
        raise UnreadableSource(f"cannot be decoded as {encoding}: {error}", row) from None
    if not isinstance(text, str):
        raise UnreadableSource(f"encoding {name} is not a text encoding", row)
    return text, encoding, bom


def _cookie(body: bytes) -> tuple[str | None, int]:
    """The encoding named in one of the first two lines, as PEP 263 has it."""
    for row, line in enumerate(body.split(b"\n", 2)[:2], 1):
        line = line.rstrip(b"\r")
        match = _COOKIE.match(line)
        if match:
            return match[1].decode("ascii", "replace").lower().replace("_", "-"), row
        if not _BLANK.match(line):
            break
    return None, 1
