"""The watchers that follow every function."""

from __future__ import annotations

from pool_lint.model.late_use import Cursors, LateUse
from pool_lint.model.leaking import Leaks
from pool_lint.model.watching import Watcher

WATCHERS: tuple[type[Watcher], ...] = (Leaks, LateUse, Cursors)
