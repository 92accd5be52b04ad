"""What runs coroutines in an event loop of its own, and how the drivers take that."""

from __future__ import annotations

# Make a loop, run the coroutine that they are given, and close the loop.
RUNNERS = frozenset(("asyncio.run", "uvloop.run"))
# The same for a function, which they call.
CALLING_RUNNERS = frozenset(("anyio.run", "asgiref.sync.async_to_sync()"))
BRIDGE = "asgiref.sync.async_to_sync"
# Make a loop that may be used several times, and how it runs a coroutine.
MAKERS = frozenset(("asyncio.new_event_loop", "uvloop.new_event_loop", "asyncio.Runner"))
METHODS = frozenset(
    ("asyncio.new_event_loop().run_until_complete", "uvloop.new_event_loop().run_until_complete",
     "asyncio.Runner().run")
)  # fmt: skip
# Work off each job in a process of its own, which is forked before any connection is made.
FORKING_QUEUES = frozenset(("rq", "django_rq"))
# Signals of Celery before and after each task, and how it is told to end a process after a task.
TASK_SIGNALS = ("task_prerun", "task_postrun")
RECYCLING = ("worker_max_tasks_per_child", "max_tasks_per_child", "CELERYD_MAX_TASKS_PER_CHILD",
             "CELERY_WORKER_MAX_TASKS_PER_CHILD")  # fmt: skip
# Makes ``asyncio.run()`` use one loop again and again.
PATCH = "nest_asyncio"
# Other drivers that an async engine may have, by their names on PyPI.
OTHER_DRIVERS = ("psycopg", "aiosqlite", "aiomysql", "asyncmy", "aioodbc", "oracledb")
