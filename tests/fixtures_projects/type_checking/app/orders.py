from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.sessions import ShopSession


async def purge(session: ShopSession) -> None:
    await session.execute(text("delete from orders"))
    session.commit()  # POOL501


async def rename(session: ShopSession | None, name: str) -> None:
    if session is None:
        return
    session.execute(text("update orders set name = :n"), {"n": name})  # POOL501


def purge_sync(session: Session) -> None:
    session.execute(text("delete from orders"))
    session.commit()
