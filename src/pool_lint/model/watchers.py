"""The watchers that follow every function."""

from __future__ import annotations

from pool_lint.model.answers import Answers
from pool_lint.model.checkouts import Checkouts
from pool_lint.model.endings import Endings
from pool_lint.model.handovers import Handovers
from pool_lint.model.streaming import Streaming
from pool_lint.model.watching import Watcher

WATCHERS: tuple[type[Watcher], ...] = (Answers, Handovers, Endings, Streaming, Checkouts)
