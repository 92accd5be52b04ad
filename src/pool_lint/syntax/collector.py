"""The garbage collector, out of the way while trees are built."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_collector() -> Iterator[None]:
    """Keep the collector from walking the nodes of a tree again and again while it grows.

    Building a tree makes a node for every blank, none of them garbage; with the collector on,
    parsing takes half as long again.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
