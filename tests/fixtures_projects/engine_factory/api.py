import db
from db import make_engine
from db import make_sessions as sessions
from fastapi import FastAPI
from sqlalchemy import text

app = FastAPI()
engine = make_engine()


@app.get("/users")
async def users():
    engine = make_engine()  # POOL201
    async with engine.connect() as connection:
        return (await connection.scalars(text("select name from users"))).all()


@app.get("/orders")
async def orders():
    async with sessions()() as session:  # POOL201
        return (await session.scalars(text("select name from orders"))).all()


@app.get("/stock")
async def stock():
    async with db.make_engine().connect() as connection:  # POOL201
        return (await connection.scalars(text("select name from stock"))).all()


@app.get("/names")
async def names():
    async with engine.connect() as connection:
        return (await connection.scalars(text("select name from users"))).all()
