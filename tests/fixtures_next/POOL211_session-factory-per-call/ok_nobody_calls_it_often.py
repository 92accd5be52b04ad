"""A factory of factories, an application factory, a command and a test."""

import pytest
import typer
from fastapi import FastAPI
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

cli = typer.Typer()


def session_factory(engine: Engine) -> sessionmaker[Session]:
    return sessionmaker(engine)


def create_app(engine: Engine) -> FastAPI:
    app = FastAPI()
    app.state.sessions = sessionmaker(engine)
    return app


@cli.command()
def count(url: str) -> None:
    from shop.database import engine_for

    with sessionmaker(engine_for(url))() as session:
        print(session.scalar(text("select count(*) from orders")))


@pytest.fixture
def session(engine):
    with sessionmaker(engine)() as session:
        yield session
