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


def word_before(text: str, end: int) -> str:
    """The word that ends, white space aside, where ``end`` is; empty if there is none near."""
    near = text[max(0, end - 80) : end].rstrip()
    begin = len(near)
    while begin and _is_letter(near[begin - 1]):
        begin -= 1
    return near[begin:]


def _is_letter(char: str) -> bool:
    return char == "_" or char.isalnum()
