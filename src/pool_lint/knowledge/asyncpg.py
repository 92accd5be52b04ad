"""What is known of asyncpg's pool beyond its methods."""

from __future__ import annotations

# The attributes that a pool keeps for itself, in the releases from 0.18 to 0.32.
PRIVATE = frozenset(
    ("_minsize", "_maxsize", "_initsize", "_holders", "_queue", "_closed", "_closing",
     "_initialized", "_initializing", "_generation", "_connect_args", "_connect_kwargs",
     "_working_addr", "_working_config", "_working_params", "_max_queries",
     "_max_inactive_connection_lifetime", "_connection_class", "_record_class", "_init", "_setup",
     "_reset", "_connect", "_maintenance_task", "_loop", "_acquire", "_get_new_connection",
     "_check_init", "_async__init__", "_initialize", "_drop_statement_cache", "_drop_type_cache")
)  # fmt: skip
# The methods that give the very same, since 0.25.
PUBLIC = {"_minsize": "get_min_size()", "_maxsize": "get_max_size()"}
# Those that give what was meant, since 0.25 and 0.28.
MEANT = {"_closed": "is_closing()", "_closing": "is_closing()"}
# What ``len(pool._holders)`` and ``pool._queue.qsize()`` are taken for.
COUNTED = {"_holders": "get_size()", "_queue": "get_idle_size()"}
