from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from shop.db import get_plain, get_session

SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]
PlainDep = Annotated[AsyncSession, Depends(get_plain)]
