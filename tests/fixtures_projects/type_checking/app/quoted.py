import typing as t

from sqlalchemy import text

if t.TYPE_CHECKING:
    from .sessions import ShopSession as Ours


async def purge(session: "Ours") -> None:
    await session.execute(text("delete from orders"))
    session.commit()  # POOL501


async def maybe(session: "t.Optional[Ours]" = None) -> None:
    if session is not None:
        session.rollback()  # POOL501
