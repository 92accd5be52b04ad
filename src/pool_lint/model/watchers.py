"""The watchers that follow every function."""

from __future__ import annotations

from pool_lint.model.answers import Answers
from pool_lint.model.block_ends import Swallowing, UsesAfterEnd
from pool_lint.model.checkouts import Checkouts
from pool_lint.model.disconnects import DisconnectWatcher
from pool_lint.model.endings import Endings
from pool_lint.model.expiry import ExpiryWatcher
from pool_lint.model.forked_pools import ForkWatcher
from pool_lint.model.handovers import Handovers
from pool_lint.model.late_use import Cursors, LateUse
from pool_lint.model.leaking import Leaks
from pool_lint.model.leftovers import LeftoverWatcher
from pool_lint.model.loop_runs import LoopWatcher
from pool_lint.model.names_at_end import BlockWatcher
from pool_lint.model.outcomes import Outcomes
from pool_lint.model.private_parts import PrivateUses
from pool_lint.model.retrying import RetryWatcher
from pool_lint.model.row_streams import Streams
from pool_lint.model.streaming import Streaming
from pool_lint.model.tasks import Tasks
from pool_lint.model.timed_waits import TimedWaits
from pool_lint.model.unbounded_waits import UnboundedWaits
from pool_lint.model.uses import Uses
from pool_lint.model.watching import Watcher
from pool_lint.model.writes import Writes

# The second of the writes' reads what the first has noted of what it is told as well.
WATCHERS: tuple[type[Watcher], ...] = (
    Uses,
    Tasks,
    Writes,
    Swallowing,
    UsesAfterEnd,
    Streams,
    Answers,
    Handovers,
    Endings,
    Streaming,
    Checkouts,
    RetryWatcher,
    DisconnectWatcher,
    LeftoverWatcher,
    BlockWatcher,
    ExpiryWatcher,
    Leaks,
    LateUse,
    Cursors,
    LoopWatcher,
    ForkWatcher,
    PrivateUses,
    TimedWaits,
    UnboundedWaits,
    Outcomes,
)
