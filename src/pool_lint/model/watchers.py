"""The watchers that follow every function."""

from __future__ import annotations

from pool_lint.model.names_at_end import BlockWatcher
from pool_lint.model.disconnects import DisconnectWatcher
from pool_lint.model.expiry import ExpiryWatcher
from pool_lint.model.leftovers import LeftoverWatcher
from pool_lint.model.retrying import RetryWatcher
from pool_lint.model.watching import Watcher

WATCHERS: tuple[type[Watcher], ...] = (
    RetryWatcher,
    DisconnectWatcher,
    LeftoverWatcher,
    BlockWatcher,
    ExpiryWatcher,
)
