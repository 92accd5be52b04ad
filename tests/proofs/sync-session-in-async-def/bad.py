import probe
from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

app = FastAPI()
engine = create_engine(f"postgresql+psycopg://{probe.PLACE}", pool_pre_ping=True, pool_recycle=1800)


@app.get("/report")
async def report():
    with Session(engine) as session:
        session.execute(text("select pg_sleep(0.6)"))


async def proof():
    async with probe.client(app) as client:
        await client.get("/report")
        async with probe.Standstill() as loop:
            await client.get("/report")
    if loop.longest > 0.5:
        raise probe.Unhealthy(f"event loop blocked {loop.longest * 1000:.0f} ms")
