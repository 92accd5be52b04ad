"""How far a text can be read: the proof that a fix left a program behind."""

from __future__ import annotations

import warnings

UNREADABLE, PARSED, COMPILED = range(3)


def readability(text: str) -> int:
    """Say how well Python source can be read; nothing of it is executed.

    Args:
        text: the source, decoded.

    Returns:
        ``COMPILED`` if the running Python compiles it, ``PARSED`` if only libcst reads it (its
        syntax is newer than the running Python, or a statement stands where it may not), else
        ``UNREADABLE``.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "<fixed>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return PARSED if _libcst_reads(text) else UNREADABLE
    return COMPILED


def _libcst_reads(text: str) -> bool:
    import libcst

    try:
        libcst.parse_module(text)
    except (libcst.ParserSyntaxError, libcst.CSTValidationError, RecursionError, ValueError):
        return False
    return True
