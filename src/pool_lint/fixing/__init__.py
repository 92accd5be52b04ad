"""Choosing, ordering and applying edits, and writing the result without ever losing a file."""

from __future__ import annotations

from pool_lint.fixing.fixer import FixResult, fix_text
from pool_lint.fixing.writing import FileChangedError, write_atomically

__all__ = ["FileChangedError", "FixResult", "fix_text", "write_atomically"]
