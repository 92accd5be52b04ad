"""What starts tasks and threads: which calls do, and what of their arguments runs."""

from __future__ import annotations

# Wait for what they are given, all at the same time.
GATHERERS = frozenset(("asyncio.gather", "asyncio.wait", "asyncio.as_completed"))
# Hand on the one thing that they are given.
WRAPPERS = frozenset(
    ("asyncio.wait_for", "asyncio.shield", "list", "tuple", "set", "asyncio.create_task",
     "asyncio.ensure_future", "asyncio.run_coroutine_threadsafe")
)  # fmt: skip
# Methods of a loop or a group that start the coroutine which they are given.
STARTING_METHODS = frozenset(("create_task", "ensure_future", "run_coroutine_threadsafe"))
STARTERS = frozenset(
    ("asyncio.create_task", "asyncio.ensure_future", "asyncio.run_coroutine_threadsafe",
     "asyncio.get_event_loop().create_task", "asyncio.get_running_loop().create_task",
     "asyncio.new_event_loop().create_task", "asyncio.TaskGroup().create_task")
)  # fmt: skip
# Call what they are given themselves, in a task.
CALLING_STARTERS = frozenset(("anyio.create_task_group().start_soon",))
GROUPS = frozenset(("asyncio.TaskGroup()", "anyio.create_task_group()"))
# Call what they are given when the response has been sent.
AFTERWARDS = frozenset(
    f"{module}.{name}"
    for module, names in {
        "fastapi": ("BackgroundTasks().add_task",),
        "fastapi.background": ("BackgroundTasks().add_task",),
        "starlette.background": ("BackgroundTasks().add_task", "BackgroundTask"),
        "litestar.background_tasks": ("BackgroundTask",),
    }.items()
    for name in names
)
# Coroutines that call what they are given in a thread: the place of the function among their
# arguments.
IN_THREAD = {
    "asyncio.to_thread": 0,
    "anyio.to_thread.run_sync": 0,
    "starlette.concurrency.run_in_threadpool": 0,
    "fastapi.concurrency.run_in_threadpool": 0,
}
# The same for those that begin at once.
STARTING_THREADS = {
    "asyncio.get_event_loop().run_in_executor": 1,
    "asyncio.get_running_loop().run_in_executor": 1,
    "concurrent.futures.ThreadPoolExecutor().submit": 0,
    "concurrent.futures.thread.ThreadPoolExecutor().submit": 0,
}
MAPPING_THREADS = frozenset(
    ("concurrent.futures.ThreadPoolExecutor().map",
     "concurrent.futures.thread.ThreadPoolExecutor().map")
)  # fmt: skip
EXECUTORS = frozenset(
    ("concurrent.futures.ThreadPoolExecutor()", "concurrent.futures.thread.ThreadPoolExecutor()")
)
THREAD = "threading.Thread"
# Methods of a task, future or thread after which it is over.
ENDINGS = frozenset(("result", "cancel", "join", "exception", "shutdown", "cancel_scope"))
# Functions after which all the tasks are over that they are given.
WAITERS = frozenset(
    ("concurrent.futures.wait", "concurrent.futures.as_completed",
     "asyncio.get_event_loop().run_until_complete", "asyncio.run")
)  # fmt: skip
# What a function is called that ends a session and does nothing else with it.
CLOSING_NAMES = ("close", "aclose", "release", "cleanup", "dispose", "teardown")
# What the name of a list has in it that somebody has cut to a size.
CUT_NAMES = ("batch", "chunk", "page", "worker", "shard", "slice", "window")
