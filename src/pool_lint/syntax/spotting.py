"""Names in a text, found without cutting all of it into words.

A search for a literal is many times faster than one for words of which most are of no interest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator


def names_ending_in(text: str, endings: Iterable[str]) -> frozenset[str]:
    """The names in a text that end in one of ``endings``, in capitals or not.

    Args:
        text: any text.
        endings: in small letters.
    """
    lowered = text.lower()
    if len(lowered) != len(text):
        # A few letters become two when they are made small: places would no longer agree.
        return frozenset(
            word for word in re.findall(r"\w+", text) if word.lower().endswith(tuple(endings))
        )
    found: set[str] = set()
    for ending in endings:
        for match in re.finditer(rf"{ending}(?!\w)", lowered):
            begin = match.start()
            while begin and _is_letter(text[begin - 1]):
                begin -= 1
            found.add(text[begin : match.end()])
    return frozenset(found)


def grouped(words: Iterable[str], pieces: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Words by a piece that they share: where that is missing, none of them has to be searched.

    Args:
        words: any words.
        pieces: what several of them share; a word with none of these stands for itself.
    """
    found: dict[str, tuple[str, ...]] = {}
    shared = tuple(pieces)
    for word in words:
        piece = next((piece for piece in shared if piece in word), word)
        found[piece] = (*found.get(piece, ()), word)
    return found


def spotted(groups: dict[str, tuple[str, ...]], text: str) -> Iterator[str]:
    """The words of :func:`grouped` that stand in a text."""
    for piece, words in groups.items():
        if piece in text:
            yield from (word for word in words if word in text)


def occurring(names: Iterable[str], text: str) -> Iterator[str]:
    """Those of ``names`` that stand in ``text`` as words of their own."""
    for name in names:
        begin = text.find(name)
        while begin >= 0:
            end = begin + len(name)
            if not (_is_letter(text[end : end + 1]) or (begin and _is_letter(text[begin - 1]))):
                yield name
                break
            begin = text.find(name, end)


def mentions(text: str, names: Iterable[str]) -> bool:
    """Whether one of ``names`` stands in ``text`` as a word of its own."""
    return next(occurring(names, text), None) is not None


def word_before(text: str, end: int) -> str:
    """The word that ends, white space aside, where ``end`` is; empty if there is none near."""
    near = text[max(0, end - 80) : end].rstrip()
    begin = len(near)
    while begin and _is_letter(near[begin - 1]):
        begin -= 1
    return near[begin:]


def _is_letter(char: str) -> bool:
    return char == "_" or char.isalnum()
