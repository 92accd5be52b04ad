"""Programs on which the model was wrong once, each shrunk and under the name of what it is about."""

from __future__ import annotations

import re

from differential import programs as p
from differential.regressions_of_writes import WRITES
from differential.renderer import ANNOTATIONS, HEADERS, Place, Rendered

_DEF = re.compile(
    r"^(?:async )?def (\w+)\((?:pool: asyncpg\.Pool, )?(?:(\w+): ([\w.]+), )?flags\)"
).match
_BRANCHES = re.compile(r"\b(if|for|while|try|suppress|risky)\b").search
_PROBE = re.compile(r"probe\((\d+)\)").search

SYNC: dict[str, str] = {
    "what is written before a savepoint fails, and nothing within it": """\
def main(flags):
    s1 = SessionLocal()
    s1.add(Item(id=1, name='a4'))
    with suppress(Exception):
        with s1.begin_nested():
            s1.close()
    probe(0)
""",
    "a helper is given a session whose savepoint is over": """\
def helper0(s1: Session, flags):
    s1.flush()


def main(flags):
    with SessionLocal() as s3, s3.begin_nested() as t4:
        t4.rollback()
        helper0(s3, flags)
        probe(0)
""",
    "an outer savepoint entered once more where an inner one is over": """\
def main(flags):
    with SessionLocal.begin() as s1, s1.begin_nested() as t2:
        with s1.begin_nested() as t3:
            t3.rollback()
            with t2:
                s1.execute(select(Item.id).where(Item.id == 7))
        probe(0)
""",
    "a manager that may return from its handler": """\
@contextmanager
def helper0(flags):
    with engine.begin() as s1:
        try:
            yield s1
        except Exception:
            if flags[0]:
                return
            raise


def main(flags):
    with helper0(flags) as s7:
        raise ValueError('raised')
    probe(0)
""",
    "a manager's helper works in its savepoint": """\
def helper0(s1: Connection, flags):
    s1.execute(insert(Item).values(name='w3'))


@contextmanager
def helper1(s4: Connection, flags):
    with s4.begin_nested():
        helper0(s4, flags)
        yield s4


def main(flags):
    s5 = engine.connect()
    with helper1(s5, flags):
        probe(0)
""",
    "a manager's helper asks about its block": """\
def helper0(s1: Session, flags):
    if not s1.in_transaction():
        probe(0)


@contextmanager
def helper1(s5: Session, flags):
    with s5.begin():
        yield s5
        helper0(s5, flags)


def main(flags):
    with SessionLocal() as s6:
        with helper1(s6, flags):
            risky(flags[0])
        t10 = s6.begin_nested()
        probe(1)
""",
    "a close takes back a deletion that was written": """\
def main(flags):
    s1 = SessionLocal()
    o2 = s1.get(Item, 2)
    s1.delete(o2)
    s1.execute(select(Item.id).where(Item.id == 5))
    s1.reset()
    o2.name = 't7'
    probe(0)
""",
    "a manager's connection is closed by its block": """\
@contextmanager
def helper0(flags):
    s1 = engine.connect()
    yield s1
    probe(0)


def main(flags):
    with helper0(flags) as s6:
        s6.close()
""",
    "a manager hands over what has begun": """\
@contextmanager
def helper0(flags):
    with engine.begin() as s1:
        yield s1


def main(flags):
    with helper0(flags) as s7:
        probe(0)
        with s7.begin():
            probe(1)
""",
    "a statement that fails has taken the connection": """\
def main(flags):
    with SessionLocal.begin() as s6:
        try:
            s6.execute(text('select nothing from nowhere'))
        except Exception:
            probe(0)
""",
    "what a helper asks for is still there afterwards": """\
def helper0(s1: Session, flags):
    s1.execute(select(Item.id).where(Item.id == 2))
    if not s1.in_transaction():
        pass


def main(flags):
    s6 = SessionLocal()
    helper0(s6, flags)
    probe(0)
""",
    "a helper that commits and asks": """\
def helper0(s1: Session, flags):
    s1.commit()
    if s1.in_transaction():
        probe(0)


def main(flags):
    with SessionLocal.begin() as s4:
        helper0(s4, flags)
        probe(1)
""",
    "a transaction that is over ends nothing": """\
def main(flags):
    with engine.connect() as s1:
        t2 = s1.begin()
        t2.rollback()
        s1.execute(select(Item.id).where(Item.id == 7))
        t2.rollback()
        probe(0)
""",
    "savepoints in savepoints": """\
def main(flags):
    s9 = SessionLocal()
    with s9.begin_nested() as t11:
        with s9.begin_nested():
            with s9.begin_nested() as t13, s9.begin_nested() as t14:
                with s9.begin_nested(), s9.begin_nested():
                    probe(0)
    probe(1)
""",
    "a savepoint's end is not the transaction's": """\
def main(flags):
    with SessionLocal() as s1:
        t2 = s1.begin_nested()
        s1.execute(select(Item.id))
        t2.commit()
        probe(0)
        t3 = s1.begin_nested()
        t3.rollback()
        probe(1)
""",
    "an object that is expunged begins nothing": """\
@contextmanager
def helper0(s1: Session, flags):
    yield s1
    s1.commit()


def main(s4: Session, flags):
    o5 = s4.get(Item, 5)
    with helper0(s4, flags):
        s4.add(Item(name='a10'))
    s4.expunge(o5)
    o5.name = 't12'
    probe(0)
""",
    "an object that is deleted begins nothing after the commit": """\
def main(flags):
    with SessionLocal() as s1:
        o2 = s1.get(Item, 2)
        s1.delete(o2)
        s1.commit()
        o2.name = 't3'
        probe(0)
""",
    "a commit in a savepoint that is over": """\
def main(s6: Session, flags):
    with s6.begin_nested() as t8:
        s6.execute(select(Item.id).where(Item.id == 10))
        t8.commit()
        s6.commit()
    probe(0)
""",
    "a savepoint by an argument": """\
def main(flags):
    s1 = SessionLocal()
    with s1.begin_nested():
        t7 = s1.begin(nested=True)
        probe(0)
    probe(1)
""",
    "a suppressed exception": """\
def main(flags):
    with suppress(Exception):
        raise ValueError('raised')
    probe(0)
""",
    "a helper returns what it has begun": """\
def helper0(flags):
    s1 = SessionLocal()
    s1.get(Item, 1000 + 3)
    return s1


def main(flags):
    s13 = helper0(flags)
    probe(0)
""",
    "a block of a transaction that is over": """\
def main(s1: Connection, flags):
    t2 = s1.begin()
    s1.commit()
    s1.execute(insert(Item).values(name='w5'))
    with t2:
        probe(0)
    probe(1)
""",
    "a helper fails half way": """\
def helper0(s1: Session, flags):
    s1.rollback()
    s1.connection()


def main(s6: Session, flags):
    for _ in s6.execute(select(Item.id).limit(2)):
        with suppress(Exception):
            helper0(s6, flags)
        probe(0)
""",
    "nothing is left to be written": """\
def main(flags):
    with SessionLocal() as s1:
        s1.add(Item(name='a2'))
        s1.expunge_all()
        t4 = s1.begin_nested()
        probe(0)
""",
    "a helper reads if nobody has": """\
def helper0(s5: Session, flags):
    if not s5.in_transaction():
        s5.execute(select(Item.id).where(Item.id == 6))


def main(s10: Session, flags):
    helper0(s10, flags)
    s10.flush()
    probe(0)
""",
    "a transaction and its block": """\
def main(flags):
    with SessionLocal() as s1:
        t2 = s1.begin()
        with t2:
            s1.execute(select(Item.id))
            probe(0)
        probe(1)
""",
    "a savepoint ends within the block of its transaction": """\
def main(flags):
    with engine.connect() as s9:
        t10 = s9.begin()
        with s9.begin_nested() as t12, t10:
            t12.rollback()
        probe(0)
""",
    "a commit that fails keeps the connection": """\
def main(flags):
    with SessionLocal() as s1:
        with suppress(Exception):
            s1.add(Item(id=1, name='a2'))
            s1.commit()
        probe(0)
""",
    "an object is changed where nothing can begin": """\
def main(s7: Session, flags):
    o8 = s7.get(Item, 8)
    s7.rollback()
    with suppress(Exception):
        o8.name = 't12'
    probe(0)
""",
    "a helper adds to what is held": """\
def helper0(s1: Session, flags):
    s1.add(Item(name='a1'))
    probe(0)


def main(flags):
    with SessionLocal() as s2:
        s2.execute(select(Item.id))
        helper0(s2, flags)
        probe(1)
""",
}
POOL: dict[str, str] = {
    "a transaction that is started by hand": """\
async def main(pool: asyncpg.Pool, flags):
    async with pool.acquire() as s1:
        t2 = s1.transaction()
        await t2.start()
        probe(0)
        await t2.commit()
        probe(1)
""",
    "a transaction within another": """\
async def main(pool: asyncpg.Pool, flags):
    s1 = await pool.acquire()
    async with s1.transaction():
        t4 = s1.transaction()
        await t4.start()
        async with s1.transaction():
            probe(0)
        probe(1)
    probe(2)
    await pool.release(s1)
    probe(3)
""",
    "the outer one ends with the inner one open": """\
async def main(pool: asyncpg.Pool, flags):
    async with pool.acquire() as s1:
        t2 = s1.transaction()
        await t2.start()
        async with s1.transaction():
            await t2.commit()
            probe(0)
""",
    "a helper in the caller's transaction": """\
async def helper1(pool: asyncpg.Pool, s6: asyncpg.Connection, flags):
    await s6.fetchval('select 11')


async def main(pool: asyncpg.Pool, s12: asyncpg.Connection, flags):
    async with s12.transaction():
        await helper1(pool, s12, flags)
    probe(0)
""",
    "a manager within itself": """\
@asynccontextmanager
async def helper1(pool: asyncpg.Pool, s5: asyncpg.Connection, flags):
    async with s5.transaction():
        yield
        await s5.fetchval('select 6')


async def main(pool: asyncpg.Pool, flags):
    async with pool.acquire() as s7, helper1(pool, s7, flags):
        async with helper1(pool, s7, flags):
            t8 = s7.transaction()
            await t8.start()
        probe(0)
""",
    "a manager ends what its block has begun": """\
@asynccontextmanager
async def helper0(pool: asyncpg.Pool, s1: asyncpg.Connection, flags):
    async with s1.transaction():
        yield


async def main(pool: asyncpg.Pool, s5: asyncpg.Connection, flags):
    async with helper0(pool, s5, flags):
        t8 = s5.transaction()
        await t8.start()
    probe(0)
""",
    "a manager that releases": """\
@asynccontextmanager
async def helper0(pool: asyncpg.Pool, s1: asyncpg.Connection, flags):
    await pool.release(s1)
    yield s1


async def main(pool: asyncpg.Pool, flags):
    s13 = await pool.acquire()
    async with helper0(pool, s13, flags):
        probe(0)
""",
}
OF = {p.SYNC: {**SYNC, **WRITES}, p.POOL: POOL}


def read(flavour: str, body: str) -> tuple[p.Program, Rendered]:
    """A program that is given as text: what is to be known of it to run it and to compare."""
    kinds = {text: kind for (of, kind), text in ANNOTATIONS.items() if of == flavour}
    header = HEADERS[flavour]
    row = header.count("\n") + 3
    straight = _BRANCHES(body) is None
    functions: list[p.Function] = []
    places: list[Place] = []
    main = row
    settled = straight
    for index, line in enumerate(body.splitlines()):
        defined, probe = _DEF(line), _PROBE(line)
        if defined:
            name, given, kind = defined.groups()
            parameter = p.Subject(given, kinds[kind]) if given else None
            functions.append(p.Function(name, parameter, ()))
            main, settled = row + index, straight
        elif "yield" in line:
            settled = False
        elif probe:
            assert int(probe[1]) == len(places), "probes are numbered as they stand"
            places.append(Place(functions[-1].name, settled))
    program = p.Program(flavour, tuple(functions[:-1]), functions[-1], 3)
    return program, Rendered(f"{header}\n\n{body}", row, tuple(places), straight, main)
