"""The watchers that follow every function."""

from __future__ import annotations

from pool_lint.model.tasks import Tasks
from pool_lint.model.uses import Uses
from pool_lint.model.watching import Watcher

WATCHERS: tuple[type[Watcher], ...] = (Uses, Tasks)
