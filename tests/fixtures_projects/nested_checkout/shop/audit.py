from shop.db import others, session_scope, sessions
from shop.models import Audit


async def audit(what):
    async with sessions() as session:
        session.add(Audit(what=what))
        await session.commit()


async def audit_in_scope(what):
    async with session_scope() as session:
        session.add(Audit(what=what))
        await session.commit()


async def audit_elsewhere(what):
    async with others() as session:
        session.add(Audit(what=what))
        await session.commit()


async def audit_with(session, what):
    session.add(Audit(what=what))
    await session.flush()


async def notify(what):
    await audit_in_scope(what)
