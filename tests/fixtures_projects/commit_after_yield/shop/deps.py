from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from shop.db import get_early, get_in_block

EarlyDep = Annotated[AsyncSession, Depends(get_early, scope="function")]
BlockDep = Annotated[AsyncSession, Depends(get_in_block)]
