from asyncio import current_task

from fastapi import FastAPI
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import async_scoped_session, async_sessionmaker, create_async_engine
from sqlalchemy.orm import scoped_session, sessionmaker

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sync_engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
session = scoped_session(sessionmaker(sync_engine))
async_session = async_scoped_session(sessions, scopefunc=current_task)
db = SQLAlchemy(Flask(__name__))
app = FastAPI()
app.state.sessions = sessions


def count(factory=sessions) -> None:
    app.state.count = factory


class Repository:
    sessions = sessions
    session = session
