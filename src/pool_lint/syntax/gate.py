"""The gate: most files cannot concern us, and their bytes tell so."""

from __future__ import annotations

import re

from pool_lint.knowledge.words import FILE_WORDS
from pool_lint.settings import words_of


def may_concern(data: bytes, makers: tuple[str, ...] = ()) -> bool:
    """Whether a file with these bytes can hold a finding.

    Args:
        data: the whole file as it lies on disk.
        makers: the dotted names of what the user says makes engines and sessions.

    Returns:
        False only if no rule can say anything about the file.
    """
    for piece, whole in FILE_WORDS.items():
        if piece in data and any(word in data for word in whole):
            return True
    return bool(makers) and any(word.encode() in data for word in words_of(makers))


_NAMING_US = re.compile(rb"#[ \t]*(?:pool-lint:|noqa:[^\r\n]*POOL\d)", re.IGNORECASE)


def names_us(data: bytes) -> bool:
    """Whether a file may hold a comment that silences rules of ours by name.

    Args:
        data: the whole file as it lies on disk.

    Returns:
        False only if there is none.
    """
    # Nearly every file is settled by the first line.
    spoken = b"POOL" in data or b"pool-lint" in data
    return spoken and _NAMING_US.search(data) is not None


def may_be_reported(data: bytes, makers: tuple[str, ...] = ()) -> bool:
    """Whether anything can be said of a file, be it of its code or of its comments.

    Args:
        data: the whole file as it lies on disk.
        makers: as ``may_concern`` takes them.

    Returns:
        False only if there is nothing to be found.
    """
    return may_concern(data, makers) or names_us(data)
