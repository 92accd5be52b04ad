"""The gate: most files cannot concern us, and their bytes tell so."""

from __future__ import annotations

from pool_lint.knowledge.words import FILE_WORDS


def may_concern(data: bytes) -> bool:
    """Whether a file with these bytes can hold a finding.

    Args:
        data: the whole file as it lies on disk.

    Returns:
        False only if no rule can say anything about the file.
    """
    return any(word in data for word in FILE_WORDS)
