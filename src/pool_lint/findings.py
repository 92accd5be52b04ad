"""The words everyone shares: what a finding is, where it points and how it is mended."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Level(str, Enum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Applicability(str, Enum):
    """How far a fix may be trusted.

    ``SAFE`` keeps the meaning of the program or mends what cannot work otherwise, ``UNSAFE`` may
    change behaviour and needs ``--unsafe-fixes``, ``DISPLAY`` is advice that is never applied.
    """

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY = "display"


@dataclass(frozen=True, order=True)
class Position:
    """A place in a file: ``row`` and ``column`` both count from 1, columns in characters."""

    row: int
    column: int


@dataclass(frozen=True, order=True)
class Range:
    """A stretch of text; ``end`` is the position after its last character."""

    start: Position
    end: Position


@dataclass(frozen=True)
class Edit:
    """Replace ``range`` by ``content``; an empty range inserts, an empty content deletes."""

    range: Range
    content: str


@dataclass(frozen=True)
class Fix:
    """Edits that belong together: all of them are applied, or none."""

    applicability: Applicability
    message: str
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class Note:
    """Another place that explains a finding; ``filename`` is None for the finding's own file."""

    range: Range
    message: str
    filename: str | None = None


@dataclass(frozen=True)
class Finding:
    """One mistake at one place.

    ``message`` says what is wrong, ``help`` what to write instead (one line, without a final
    stop), ``notes`` point at the other places that matter, ``fix`` mends it or is None.
    """

    code: str
    name: str
    level: Level
    message: str
    filename: str
    range: Range
    help: str = ""
    notes: tuple[Note, ...] = field(default=())
    fix: Fix | None = None

    @property
    def sort_key(self) -> tuple[str, Range, str]:
        """Order of a report: by file, then place, then code."""
        return (self.filename, self.range, self.code)
