import asyncio

from fastapi import APIRouter, BackgroundTasks, Depends
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from shop import work
from shop.db import get_session, registry
from shop.work import Repository, finish, load, load_alone, load_sync

router = APIRouter()


@router.get("/both")
async def both(session: AsyncSession = Depends(get_session)):
    return await asyncio.gather(load(session, 1), work.load_through_another(session, 2))  # POOL503


@router.get("/in-turn")
async def in_turn(session: AsyncSession = Depends(get_session)):
    return await asyncio.gather(work.load_in_turn(session, 1), work.load_in_turn(session, 2))


@router.get("/alone")
async def alone():
    return await asyncio.gather(load_alone(1), load_alone(2))


@router.get("/labels")
async def labels(session: AsyncSession = Depends(get_session)):
    return await asyncio.gather(work.only_label(session, 1), work.only_label(session, 2))


@router.get("/repository")
async def by_repository(session: AsyncSession = Depends(get_session)):
    repository = Repository(session)
    return await asyncio.gather(repository.load(1), repository.load(2))  # POOL503


@router.get("/repository-labels")
async def labels_of_the_repository(session: AsyncSession = Depends(get_session)):
    repository = Repository(session)
    return await asyncio.gather(repository.label(1), repository.label(2))


@router.get("/all")
async def all_of_them(numbers: list[int]):
    return await asyncio.gather(*(load_alone(number) for number in numbers))  # POOL507


@router.post("/later")
async def later(tasks: BackgroundTasks, session: AsyncSession = Depends(get_session)):
    tasks.add_task(load, session, 1)  # POOL504


@router.post("/later-object")
async def later_by_an_object(tasks: BackgroundTasks, session: AsyncSession = Depends(get_session)):
    repository = Repository(session)
    tasks.add_task(repository.load, 1)  # POOL504


@router.post("/later-label")
async def later_without_it(tasks: BackgroundTasks, session: AsyncSession = Depends(get_session)):
    repository = Repository(session)
    tasks.add_task(repository.label, 1)


@router.post("/finish")
async def finish_later(tasks: BackgroundTasks, session: AsyncSession = Depends(get_session)):
    tasks.add_task(finish, session)


@router.get("/threads")
async def threads(session: Session):
    return await asyncio.gather(  # POOL506
        asyncio.to_thread(load_sync, session, 1), asyncio.to_thread(load_sync, session, 2)
    )


@router.get("/registry")
async def of_the_registry():
    return await registry.scalar(text("select 1"))
