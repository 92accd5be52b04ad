"""What is yielded was opened, and will be closed, by somebody else."""

from collections.abc import AsyncIterator, Iterator

import pytest
from fastapi import Depends, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session


def of_the_request(request: Request) -> Iterator[Session]:
    yield request.state.session


async def checked(session: AsyncSession) -> AsyncIterator[AsyncSession]:
    await session.execute(text("select 1"))
    yield session


def rows(session: Session) -> Iterator[str]:
    for name in session.scalars(text("select name from users")):
        yield name


@pytest.fixture
def session(factory) -> Iterator[Session]:
    yield factory()
