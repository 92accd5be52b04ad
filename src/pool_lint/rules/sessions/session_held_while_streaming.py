"""# session-held-while-streaming (POOL315)

A handler streams its answer, or waits at a websocket, while the session of its dependency keeps a
connection.

## What it does

Reports a handler with a session from `Depends` that returns a `StreamingResponse`, an
`EventSourceResponse` or a class named after one of them, where the session has run a statement
that nothing has committed, rolled back or closed; and a generator that is streamed and holds that
session while it hands on a value. Reports a websocket's handler that waits for the next message in
the same condition.

Where the settings name a `target-fastapi` from 0.106 up to 0.117, or the lock file or requirements
of the project do, only what the generator itself holds is reported: in these releases the
dependency is over before the response is sent, and a generator that uses its session opens it
again, and nobody closes it. There that is reported of rows that are sent as they come as well.

## Why it hurts

A dependency ends when the response is out, and a stream is out when its client has read the last
of it, or gone away. Measured on SQLAlchemy 2.1.9 and 2.0.57 with FastAPI 0.105, and with 0.118 up
to 0.163: one connection was checked out for as long as the body was sent, and one for as long as
the websocket was open. So it is the number of listeners that empties the pool, not the load. With
a pool of 2 and two listeners, the next request of anybody failed:

```text
sqlalchemy.exc.TimeoutError: QueuePool limit of size 2 overflow 0 reached, connection timed out,
timeout 1.00
```

## Example

```python
import asyncio

from fastapi import Depends, FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from shop.models import Order

app = FastAPI()
engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def get_session():
    async with new_session() as session:
        yield session


async def follow(name: str):
    while True:
        yield f"data: {name}\\n\\n"
        await asyncio.sleep(1)


@app.get("/orders/{order_id}/events")
async def order_events(order_id: int, session: AsyncSession = Depends(get_session)):
    order = await session.get(Order, order_id)
    return StreamingResponse(follow(order.name), media_type="text/event-stream")
```

## Use instead

```python
import asyncio

from fastapi import Depends, FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from shop.models import Order

app = FastAPI()
engine = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def get_session():
    async with new_session() as session:
        yield session


async def follow(name: str):
    while True:
        yield f"data: {name}\\n\\n"
        await asyncio.sleep(1)


@app.get("/orders/{order_id}/events")
async def order_events(order_id: int, session: AsyncSession = Depends(get_session)):
    order = await session.get(Order, order_id)
    await session.commit()
    return StreamingResponse(follow(order.name), media_type="text/event-stream")
```

A generator or websocket that needs the database now and then opens a short session of its own each
time: `async with new_session() as session:`. From FastAPI 0.121 on, `Depends(get_session,
scope="function")` closes the session before the response is sent.

## Fix safety

There is no automatic fix: whether to commit, or to use a session of its own, is for a person.

## When not to use it

A generator that streams rows from the session itself has to hold it, and is not reported: one that
calls `session.stream()`, or runs statements between the values it hands on. A session that the
handler was given and has not used holds nothing and is not reported either.

## References

* FastAPI: Dependencies with yield and scope:
  <https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/>
* FastAPI: StreamingResponse:
  <https://fastapi.tiangolo.com/advanced/custom-response/#streamingresponse>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.report import Remark, Report
from pool_lint.model.routes import is_between_releases
from pool_lint.model.streaming import SOCKET, lingering
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    for info, event in lingering(model):
        message = f"the session of `{info.name}` holds a connection until its client has read all"
        if event.kind == SOCKET:
            message = f"the session of `{info.name}` holds a connection while its client is silent"
        if event.in_body and not event.is_ended and is_between_releases(model):
            message = (
                f"the session of `{info.name}` is over before its answer is sent: what is streamed "
                "opens it again, and nobody closes it"
            )
        where = "what is streamed takes it here" if event.in_body else "the session is used here"
        yield Report(
            event.node,
            message,
            "commit before it, and open a short session of its own for what comes later",
            () if event.since is None else (Remark(event.since, where),),
        )


RULE = Rule(
    code="POOL315",
    name="session-held-while-streaming",
    level=Level.WARNING,
    summary="a streamed response or a websocket's loop holds the session of a dependency",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=(
        (
            "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, "
            "connection timed out, timeout 30.00"
        ),
    ),
    fixable=False,
)
