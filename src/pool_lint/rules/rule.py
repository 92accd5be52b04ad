"""What a rule is: a record and a small check over the model."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pool_lint.findings import Level

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.report import Report
    from pool_lint.settings import Settings


@dataclass(frozen=True)
class Rule:
    """One entry of the catalog.

    ``page`` is the Markdown text that ``pool-lint rule`` prints (the docstring of the rule's
    module), ``symptoms`` are the error texts that people will have searched for, ``check`` reads
    events and values of a module's model and yields reports.  A rule that is not ``default`` runs
    only where its code or a group of codes is selected by name, or where the settings name what
    it is about: ``wanted_by`` says so.
    """

    code: str
    name: str
    level: Level
    summary: str
    page: str
    since: str
    check: Callable[[ModuleModel], Iterable[Report]]
    symptoms: tuple[str, ...] = ()
    default: bool = True
    fixable: bool = True
    wanted_by: Callable[[Settings], bool] | None = None

    def runs(self, settings: Settings) -> bool:
        """Whether the settings let the rule run."""
        wanted = self.default or (self.wanted_by is not None and self.wanted_by(settings))
        return settings.enabled(self.code, wanted)
