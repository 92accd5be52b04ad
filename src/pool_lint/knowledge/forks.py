"""What forks a process, and what runs in the new one before anything else."""

from __future__ import annotations

# Decorators and registrations of hooks that run in each new process.
HOOKS = frozenset(("celery.signals.worker_process_init.connect", "uwsgidecorators.postfork"))
# Functions of gunicorn's configuration that run in each worker, with their number of parameters.
GUNICORN = {"post_fork": 2, "post_worker_init": 1}
# With this the application is loaded before the workers are forked.
PRELOAD = "preload_app"
# Calls that run what they are given in a new process: by keyword, and by the place of the argument.
REGISTRARS = {
    "os.register_at_fork": ("after_in_child", None),
    "multiprocessing.util.register_after_fork": ("func", 1),
    "celery.signals.worker_process_init.connect": ("receiver", 0),
    "multiprocessing.Pool": ("initializer", 1),
    "multiprocessing.pool.Pool": ("initializer", 1),
    "multiprocessing.get_context().Pool": ("initializer", 1),
    "concurrent.futures.ProcessPoolExecutor": ("initializer", 2),
    "concurrent.futures.process.ProcessPoolExecutor": ("initializer", 2),
}
# Begin a process with one function.
PROCESSES = frozenset(
    ("multiprocessing.Process", "multiprocessing.context.Process",
     "multiprocessing.get_context().Process")
)  # fmt: skip
# Begin processes that functions are given to later.
POOLS = frozenset(
    ("multiprocessing.Pool", "multiprocessing.pool.Pool", "multiprocessing.get_context().Pool")
)
EXECUTORS = frozenset(
    ("concurrent.futures.ProcessPoolExecutor", "concurrent.futures.process.ProcessPoolExecutor")
)
GIVING = ("map", "submit", "apply", "apply_async", "map_async", "imap", "imap_unordered", "starmap",
          "starmap_async")  # fmt: skip
# Say that a new process is no copy of the old one.
NO_FORK = ("spawn", "forkserver")
CONTEXT = "multiprocessing.get_context"
# The release of SQLAlchemy in which ``dispose()`` got its argument.
HAS_CLOSE = (1, 4, 33)
