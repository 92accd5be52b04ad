"""What is true for some versions of a library only, and what the user says of them."""

from __future__ import annotations

import pytest

from pool_lint.pipeline import lint
from pool_lint.settings import Settings, is_before

MANAGER = """\
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from shop.db import new_session

router = APIRouter()


@asynccontextmanager
async def get_session():
    async with new_session() as session:
        yield session


"""
ENTERED = """\
@router.get("/a")
async def entered(manager=Depends(get_session)):
    async with manager as session:
        return await session.get(1)
"""
ENTERED_BY_ANNOTATION = """\
@router.get("/a")
async def entered(manager: Annotated[object, Depends(get_session)]):
    async with manager as session:
        return await session.get(1)
"""
HANDED_ON = """\
@router.get("/a")
async def handed_on(manager=Depends(get_session)):
    return await load(manager)
"""
NAMELESS = """\
@router.get("/a", dependencies=[Depends(get_session)])
async def nameless():
    return 1
"""
USED = """\
@router.get("/a")
async def used(session: AsyncSession = Depends(get_session)):
    return await session.get(1)
"""


def codes(text: str, target: str | None) -> list[str]:
    return [one.code for one in lint(MANAGER + text, settings=Settings(target_fastapi=target))]


@pytest.mark.parametrize("text", [ENTERED, ENTERED_BY_ANNOTATION, HANDED_ON, NAMELESS])
@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (None, ["POOL309"]),
        ("0.163.2", ["POOL309"]),
        ("0.123.5", ["POOL309"]),
        ("1.0", ["POOL309"]),
        ("0.123.4", []),
        ("0.105", []),
    ],
)
def test_older_fastapi_hands_a_context_manager_on(
    text: str, target: str | None, expected: list[str]
) -> None:
    assert codes(text, target) == expected


@pytest.mark.parametrize("target", [None, "0.105.0", "0.163.2"])
def test_a_context_manager_is_no_session_with_any_fastapi(target: str | None) -> None:
    assert codes(USED, target) == ["POOL309"]


@pytest.mark.parametrize(
    ("target", "expected"),
    [(None, ["POOL316"]), ("2", ["POOL316"]), ("2.1", ["POOL316"]), ("1.4", []), ("1", [])],
)
def test_older_sqlalchemy_takes_autocommit(target: str | None, expected: list[str]) -> None:
    text = "from sqlalchemy.orm import sessionmaker\n\nSession = sessionmaker(autocommit=True)\n"
    found = lint(text, settings=Settings(target_sqlalchemy=target))
    assert [one.code for one in found] == expected


def test_what_is_not_known_is_the_newest() -> None:
    assert not is_before(None, (0, 0, 1))
    assert is_before("0.9", (0, 10))
    assert not is_before("0.10.0", (0, 10))
