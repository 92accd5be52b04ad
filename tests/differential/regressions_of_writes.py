"""Programs on which the model was wrong once about what they leave in the database."""

from __future__ import annotations

WRITES: dict[str, str] = {
    "a savepoint that is rolled back takes part of it back": """\
def main(flags):
    with engine.begin() as s1:
        with s1.begin_nested() as t2:
            s1.execute(insert(Item).values(name='w5'))
            t2.rollback()
""",
    "a connection that is closed in its block keeps nothing": """\
def main(flags):
    with engine.begin() as s4:
        s4.execute(insert(Item).values(name='w5'))
        s4.close()
""",
    "a session that is closed in its block keeps nothing": """\
def main(flags):
    with SessionLocal.begin() as s2:
        s2.merge(Item(id=2000 + 3, name='m3'))
        s2.close()
""",
    "a manager commits what its block has written": """\
@contextmanager
def helper0(flags):
    with engine.begin() as s1:
        yield s1


def main(flags):
    with helper0(flags) as s4:
        s4.execute(insert(Item).values(name='w6'))
""",
    "an error that is swallowed undoes what came before": """\
def main(flags):
    s5 = SessionLocal()
    with s5.begin():
        s5.add(Item(id=1, name='a8'))
        with suppress(Exception):
            s5.execute(select(Item.id).where(Item.id == 11))
""",
    "a manager takes back what its block has written": """\
@contextmanager
def helper1(flags):
    with engine.begin() as s5:
        t6 = s5.begin_nested()
        yield s5
        t6.rollback()


def main(flags):
    with helper1(flags) as s9:
        s9.execute(insert(Item).values(name='w11'))
""",
    "a helper takes away what its caller has added": """\
def helper0(s1: Session, flags):
    s1.expunge_all()


def main(flags):
    with SessionLocal.begin() as s6:
        s6.add(Item(name='a9'))
        helper0(s6, flags)
""",
    "what is written already cannot be expunged": """\
def main(flags):
    with SessionLocal.begin() as s6:
        s6.execute(insert(Item).values(name='w9'))
        s6.expunge_all()
""",
}
