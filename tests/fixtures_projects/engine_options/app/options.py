import os

ENGINE_OPTIONS = {"pool_recycle": 1800, "pool_pre_ping": True}
ONLY_PING = {"pool_pre_ping": True}
BUILT_UP = dict(pool_size=5)
BUILT_UP.update(ONLY_PING)
BUILT_UP["pool_recycle"] = 1800
FROM_OUTSIDE = dict(os.environ)


def engine_options(size: int) -> dict[str, object]:
    return {"pool_size": size, **ENGINE_OPTIONS}


def some_options(size: int) -> dict[str, object]:
    return {"pool_size": size, "pool_recycle": 1800}


def unknown_options() -> dict[str, object]:
    return dict(os.environ)
