"""The alias of an alias, and a class that asks for one."""

from fastapi import APIRouter

from app.deps import SessionDep

CurrentSession = SessionDep
router = APIRouter()


class Orders:
    def __init__(self, session: CurrentSession) -> None:
        self.session = session

    async def save(self) -> None:
        self.session.commit()  # POOL501


@router.post("/undo")
async def undo(session: "CurrentSession") -> None:
    session.rollback()  # POOL501
