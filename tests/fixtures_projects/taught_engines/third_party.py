import acme_db
from acme_db import Registry
from acme_db import make_engine as build

registry = Registry()
shared = acme_db.make_engine("orders")
_lazy = None


@app.get("/a")
async def plain():
    engine = acme_db.make_engine("orders")  # POOL201
    async with engine.connect() as connection:
        return await connection.scalar(1)


@app.get("/b")
async def awaited():
    return await build("orders")  # POOL201


@app.get("/c")
def method():
    return registry.engine("orders")  # POOL201


def helper():
    return build("orders")


@app.get("/d")
def through_a_helper():
    return helper()  # POOL201


@app.get("/e")
def lazily():
    global _lazy
    if _lazy is None:
        _lazy = build("orders")
    return _lazy


@app.get("/f")
def imported_here():
    from acme_db import make_engine

    return make_engine("orders")  # POOL201


@app.get("/g")
def another_function_of_that_module():
    return acme_db.find_engine("orders")


@app.get("/h")
def another_name():
    return make_engine("orders")


@shared_task
def perhaps_without_a_pool():
    engine = build("orders")
    engine.dispose()


@app.get("/i")
async def not_awaited():
    engine = build("orders")  # POOL201
    async with engine.begin():
        pass
    engine.dispose()  # POOL202
