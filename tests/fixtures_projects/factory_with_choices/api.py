from fastapi import FastAPI
from sqlalchemy import text

from db import engine_for_the_process, engine_for_the_stage

app = FastAPI()


@app.get("/users")
async def users():
    engine = engine_for_the_stage()  # POOL201
    async with engine.connect() as connection:
        return (await connection.scalars(text("select name from users"))).all()


@app.get("/orders")
async def orders():
    engine = engine_for_the_process()
    async with engine.connect() as connection:
        return (await connection.scalars(text("select name from orders"))).all()
