"""The gate: most files cannot concern us, and their bytes tell so."""

from __future__ import annotations

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
