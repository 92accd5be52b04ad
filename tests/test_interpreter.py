"""The interpreter follows Python: at each ``probe(n)`` it knows whether a connection is held.

``held`` is on every path that leads there, ``free`` on none, ``either`` on some; a probe that no
path leads to is ``unreached``.  ``s`` is a session, ``q`` a statement, ``f``, ``g`` and ``h`` are
functions that nobody can see; ``a``, ``b`` and ``c`` are arguments that nobody knows.  Whoever
else may have done anything with the session leaves it ``unknown``.
"""

from __future__ import annotations

import ast
import re
import sys
import textwrap
from itertools import pairwise
from pathlib import Path

import libcst as cst
import pytest

from pool_lint.model.conditions import Atom
from pool_lint.model.interpreter import Interpreter
from pool_lint.model.lazy_module import LazyModule
from pool_lint.model.module import ModuleModel
from pool_lint.model.values import Resource, Value
from pool_lint.settings import Settings
from pool_lint.syntax.source import Source
from pool_lint.syntax.tree import Tree
from pool_lint.syntax.walk import walk

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
import twisted

HEAD = """\
import argparse, asyncio, contextlib, os, sys, typing
from contextlib import AsyncExitStack, ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, assert_never
import anyio
import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from shop import engine, f, g, h, q

"""


class Probing(Interpreter):
    """Keeps in mind what is known at the probes."""

    def __init__(self, model: ModuleModel, name: str = "test") -> None:
        info = next(info for info in model.names.functions if info.name == name)
        super().__init__(model, info)
        self.seen: dict[int, set[Atom | None]] = {}

    def call(self, node: cst.Call) -> Value:
        """Note the condition of what is called ``s``, if there is such a thing."""
        value = super().call(node)
        if isinstance(node.func, cst.Name) and node.func.value == "probe" and self.reached:
            number = node.args[0].value
            assert isinstance(number, cst.Integer)
            known = self.state.env.get("s")
            atoms = self.seen.setdefault(int(number.value), set())
            if isinstance(known, Resource):
                atoms |= self.state.condition(id(known.site)).atoms
            else:
                atoms.add(None)
        return value


def model_of(text: str) -> ModuleModel:
    source = Source.read(text, "test.py")
    module = cst.parse_module(text)
    return ModuleModel.of(Tree(source, module, text), Settings(), LazyModule(source, None))


def probes(body: str) -> dict[int, str]:
    """Give what is known at each probe of a function with this body."""
    body = textwrap.dedent(body).strip("\n")
    is_async = re.search(r"\bawait\b|\basync (?:for|with)\b", body) is not None
    made = "AsyncSession(engine)" if is_async else "Session(engine)"
    keyword = "async def" if is_async else "def"
    text = f"{HEAD}{keyword} test(a, b=None, c=False):\n    s = {made}\n{textwrap.indent(body, '    ')}\n"
    interpreter = Probing(model_of(text))
    assert interpreter.run().is_complete
    numbers = {int(number) for number in re.findall(r"probe\((\d+)\)", body)}
    return {number: word(interpreter.seen.get(number)) for number in sorted(numbers)}


def word(atoms: set[Atom | None] | None) -> str:
    if atoms is None:
        return "unreached"
    if any(atom is None or atom.is_unseen for atom in atoms):
        return "unknown"
    held = {atom.is_holding for atom in atoms if atom is not None}
    if len(held) == 2:
        return "either"
    return "held" if held.pop() else "free"


def cases() -> list[object]:
    """Read the programs below; what is expected stands behind each probe."""
    found = []
    for piece in re.split(r"^### ", PROGRAMS, flags=re.MULTILINE)[1:]:
        title, _, body = piece.partition("\n")
        version = re.search(r"\(3\.(\d+)\)$", title)
        marks = [
            pytest.mark.skipif(
                version is not None and sys.version_info < (3, int(version[1])), reason="its syntax"
            )
        ]
        found.append(pytest.param(body, id=title, marks=marks))
    return found


PROGRAMS = """
### straight line
probe(1)  # free
s.execute(q)
probe(2)  # held
s.commit()
probe(3)  # free

### if
if a:
    s.execute(q)
    probe(1)  # held
probe(2)  # either

### if and else
if a:
    s.execute(q)
else:
    s.scalar(q)
probe(1)  # held

### elif without else
if a:
    s.execute(q)
elif b:
    s.execute(q)
    probe(2)  # held
probe(1)  # either

### test that reads
if s.execute(q):
    probe(1)  # held
probe(2)  # held

### and reads only if
if a and s.execute(q):
    probe(1)  # held
else:
    probe(2)  # either
probe(3)  # either

### or reads unless
if a or s.execute(q):
    probe(1)  # either
else:
    probe(2)  # held

### not turns around
if not (a and s.execute(q)):
    probe(1)  # either
else:
    probe(2)  # held

### and in an assignment
x = a and s.execute(q)
probe(1)  # either

### or in an assignment
x = s.execute(q) or a
probe(1)  # held

### conditional expression
x = s.execute(q) if a else f()
probe(1)  # either

### conditional expression on both sides
x = s.execute(q) if a else s.scalar(q)
probe(1)  # held

### chained comparison reads only if
x = a < b < s.execute(q)
probe(1)  # either

### comparison reads
x = a < s.execute(q)
probe(1)  # held

### walrus
if (x := s.execute(q)) is not None:
    probe(1)  # held
probe(2)  # held

### walrus gives a name
if (t := s):
    t.execute(q)
probe(1)  # held

### constant tests
if True:
    s.execute(q)
probe(1)  # held
if 0:
    s.commit()
    probe(2)  # unreached
probe(3)  # held
if not False and 1:
    s.commit()
probe(4)  # free

### type checking
if TYPE_CHECKING:
    s.execute(q)
    probe(1)  # unreached
probe(2)  # free
if typing.TYPE_CHECKING:
    probe(3)  # unreached
else:
    s.execute(q)
probe(4)  # held

### local constant
done = False
if done:
    s.execute(q)
probe(1)  # free
if a:
    done = True
if done:
    s.execute(q)
probe(2)  # either

### None or a constant
x = None
if a:
    x = 5
if x:
    s.execute(q)
probe(1)  # either

### argument that may be a constant
if a:
    c = True
if c:
    s.execute(q)
probe(1)  # either

### global that others write to
global done
done = False
f()
if done:
    s.execute(q)
probe(1)  # either

### default of a class that may be another in an object
class Data:
    flag = None
data = Data()
x = data.flag
if x:
    s.execute(q)
probe(1)  # either

### what a function is only seen to return
def find():
    return None
x = find()
if x is not None:
    s.execute(q)
probe(1)  # either

### literal or what is found elsewhere
x = None
if a:
    x = f.flag
if x is None:
    s.execute(q)
probe(1)  # either

### default of an argument
if c is False:
    s.execute(q)
y = c
if y:
    s.execute(q)
probe(1)  # either

### local constant compared
n = 1
if n == True:
    probe(1)  # free
if n != 1:
    s.execute(q)
if n is None:
    s.execute(q)
probe(2)  # free
if n == "1" or n == 2:
    s.execute(q)
probe(3)  # free
if n is not None and n == 1:
    s.execute(q)
probe(4)  # held

### flag tested twice
if a:
    s.execute(q)
f()
if a:
    probe(1)  # held
    s.commit()
else:
    probe(2)  # free
probe(3)  # free

### flag tested twice, the other way round
if not a:
    s.execute(q)
if a:
    probe(1)  # free
if a is None:
    f()

### flag that changes
if a:
    s.execute(q)
a = f()
if a:
    s.commit()
probe(1)  # either

### list that is filled
if a:
    s.execute(q)
a.append(f())
if a:
    s.commit()
probe(1)  # either

### none tested twice
if b is None:
    s.execute(q)
if b is not None:
    probe(1)  # free
else:
    probe(2)  # held
    s.commit()
probe(3)  # free

### flag set in a branch
own = False
if b is None:
    b = f()
    own = True
    s.execute(q)
try:
    f()
finally:
    if own:
        s.close()
probe(1)  # free

### in transaction
if a:
    s.execute(q)
if s.in_transaction():
    probe(1)  # held
    s.commit()
else:
    probe(2)  # free
probe(3)  # free

### certainly in no transaction
if s.in_transaction():
    probe(1)  # unreached
probe(2)  # free

### not in transaction
s.execute(q)
if not s.in_transaction():
    probe(1)  # unreached
probe(2)  # held

### looked for
t = None
if a:
    t = Session(engine)
    t.execute(q)
if t is not None:
    t.close()
s = t
if t:
    probe(1)  # free

### while
while f():
    s.execute(q)
probe(1)  # either

### while true
while True:
    s.execute(q)
    if f():
        break
probe(1)  # held

### while true without break
while 1:
    s.execute(q)
probe(1)  # unreached

### while else
while f():
    if g():
        s.execute(q)
        break
else:
    probe(1)  # free
probe(2)  # either

### while with a flag
done = False
while not done:
    s.execute(q)
    done = f()
probe(1)  # held

### for
for x in f():
    probe(1)  # either
    s.execute(q)
    probe(2)  # held
probe(3)  # either

### for else
for x in f():
    if x:
        break
else:
    s.execute(q)
    probe(1)  # held
probe(2)  # either

### for else after every end
for x in f():
    s.execute(q)
else:
    s.commit()
probe(1)  # free

### continue
for x in f():
    if x:
        continue
    s.execute(q)
    s.commit()
probe(1)  # free

### continue past the commit
for x in f():
    probe(1)  # either
    s.execute(q)
    if x:
        continue
    s.commit()
probe(2)  # either

### loop in loop
for x in f():
    for y in x:
        s.execute(q)
    probe(1)  # either
    s.commit()
    probe(2)  # free
probe(3)  # free

### read in one round, seen in a later one
for x in f():
    probe(1)  # either
    for y in x:
        probe(2)  # either
    s.execute(q)
probe(3)  # either

### names that go round
t = u = v = None
for x in f():
    if v:
        probe(1)  # either
    v = u
    u = t
    t = Session(engine)
    s.execute(q)
probe(2)  # either

### async for (3.5)
async for x in f():
    await s.execute(q)
    probe(1)  # held
probe(2)  # either

### iterating raises
try:
    for x in a:
        s.execute(q)
        s.commit()
except ValueError:
    probe(1)  # either
probe(2)  # either

### try without anything
try:
    s.execute(q)
except ValueError:
    probe(1)  # either
else:
    probe(2)  # held
probe(3)  # either

### try else raises past the handler
try:
    f()
except ValueError:
    probe(1)  # free
else:
    s.execute(q)
    f()
probe(2)  # either

### handler that ends it
try:
    s.execute(q)
    f()
    s.commit()
except Exception:
    s.rollback()
    probe(1)  # free
    raise
probe(2)  # free

### bare except catches all
try:
    try:
        s.execute(q)
        f()
    except:
        x = 1
except ValueError:
    probe(1)  # unreached
probe(2)  # either

### base exception in a tuple catches all
try:
    try:
        s.execute(q)
        f()
    except (KeyError, BaseException):
        x = 1
except ValueError:
    probe(1)  # unreached

### narrow except does not
try:
    try:
        s.execute(q)
        f()
    except KeyError:
        s.rollback()
except ValueError:
    probe(1)  # either

### finally
try:
    s.execute(q)
    f()
finally:
    probe(1)  # either
    s.close()
    probe(2)  # free
probe(3)  # free

### finally of a return is not that of a raise
try:
    try:
        s.execute(q)
        if a:
            s.commit()
            return 1
        f()
    finally:
        if b:
            g()
except ValueError:
    probe(1)  # either
probe(2)  # either

### return in finally swallows
try:
    while True:
        try:
            s.execute(q)
            raise ValueError
        finally:
            break
except ValueError:
    probe(1)  # unreached
probe(2)  # either

### return in finally
try:
    try:
        raise ValueError
    finally:
        return 1
except ValueError:
    probe(1)  # unreached
probe(2)  # unreached

### continue in finally
for x in (1, 2):
    try:
        s.execute(q)
        raise ValueError
    finally:
        s.commit()
        continue
probe(1)  # free

### finally in finally in finally
try:
    s.execute(q)
finally:
    try:
        f()
    finally:
        try:
            g()
        finally:
            s.close()
            probe(1)  # free
probe(2)  # free

### break through finally
while True:
    try:
        s.execute(q)
        if a:
            break
    finally:
        s.commit()
    f()
probe(1)  # free

### except star (3.11)
try:
    s.execute(q)
    f()
except* ValueError:
    s.commit()
except* KeyError:
    probe(1)  # either
    s.commit()
probe(2)  # either

### several exceptions, and a name
try:
    s.execute(q)
    f()
except (KeyError, Exception) as error:
    s.rollback()
    probe(1)  # free
    error()
probe(2)  # either

### raise ends the path
if a:
    s.execute(q)
    raise ValueError
probe(1)  # free

### raise from
try:
    raise ValueError from s.execute(q)
except ValueError:
    probe(1)  # either

### assert
assert s.execute(q)
probe(1)  # held

### assert with a message that reads
assert a, s.execute(q)
probe(1)  # free

### assert false
if a:
    s.execute(q)
    assert False
probe(1)  # free

### with
with s:
    s.execute(q)
    probe(1)  # held
probe(2)  # free

### with begin
with s.begin():
    s.execute(q)
    probe(1)  # held
probe(2)  # free

### with of several items
with Session(engine) as s, s.begin():
    s.execute(q)
    probe(1)  # held
probe(2)  # free

### with in parentheses
with (
    Session(engine) as s,
    s.begin() as t,
):
    s.execute(q)
    probe(1)  # held
probe(2)  # free

### with that fails
try:
    with s.begin():
        s.execute(q)
        raise ValueError
except ValueError:
    probe(1)  # free

### return from a block
try:
    with s.begin():
        s.execute(q)
        return 1
finally:
    probe(1)  # free

### async with
async with s.begin():
    await s.execute(q)
    probe(1)  # held
probe(2)  # free

### suppress
with suppress(ValueError):
    f()
    s.execute(q)
    f()
    s.commit()
probe(1)  # either

### suppress goes on although it raised
with contextlib.suppress(ValueError):
    s.execute(q)
    raise ValueError
probe(1)  # either

### raises
with pytest.raises(ValueError):
    s.execute(q)
    f()
    s.commit()
    raise ValueError
probe(1)  # either

### raises and nothing else
with pytest.raises(ValueError):
    s.execute(q)
    s.commit()
    raise ValueError
probe(1)  # either

### move on after
with anyio.move_on_after(3):
    await s.execute(q)
probe(1)  # either

### other blocks swallow nothing
with f():
    s.execute(q)
    raise ValueError
probe(1)  # unreached

### context manager of the module
@contextmanager
def swallowing():
    try:
        yield
    except ValueError:
        pass
s.execute(q)
with swallowing():
    raise ValueError
probe(1)  # held

### exit stack
with ExitStack() as stack:
    s = stack.enter_context(Session(engine))
    s.execute(q)
    probe(1)  # held
probe(2)  # free

### exit stack with begin
with contextlib.ExitStack() as stack:
    stack.enter_context(s.begin())
    s.execute(q)
    probe(1)  # held
probe(2)  # free

### exit stack with callback
with ExitStack() as stack:
    stack.callback(s.close)
    s.execute(q)
    probe(1)  # held
probe(2)  # free

### exit stack that is handed on
with ExitStack() as stack:
    stack.callback(s.close)
    s.execute(q)
    kept = stack.pop_all()
probe(1)  # held

### exit stack closed by hand
stack = ExitStack()
stack.callback(s.close)
s.execute(q)
probe(1)  # held
stack.close()
probe(2)  # free

### async exit stack
async with AsyncExitStack() as stack:
    s = await stack.enter_async_context(AsyncSession(engine))
    await s.execute(q)
    probe(1)  # held
probe(2)  # free

### async exit stack with callback
async with AsyncExitStack() as stack:
    stack.push_async_callback(s.close)
    await s.execute(q)
    f()
probe(1)  # free

### match
match a:
    case 1:
        s.execute(q)
    case [x, *rest] if f(x):
        s.execute(q)
    case {"key": value, **others}:
        s.execute(q)
    case Point(x=0) | Line():
        s.execute(q)
probe(1)  # either

### match with an irrefutable case
match a:
    case 1 | 2:
        s.execute(q)
    case _:
        s.scalar(q)
probe(1)  # held

### match that captures at last
match a:
    case 1:
        s.execute(q)
    case other:
        s.execute(other)
probe(1)  # held

### match with a guard at last
match a:
    case 1:
        s.execute(q)
    case other if f(other):
        s.execute(q)
probe(1)  # either

### match binds a name to a session
t = Session(engine)
match t:
    case Session() as s:
        s.execute(q)
        probe(1)  # held
    case s:
        probe(2)  # free

### match takes a name away
s.execute(q)
match a:
    case {"s": s}:
        f()
    case [s]:
        f()
    case Point(s):
        f()
    case [*s]:
        f()
    case {**s}:
        f()
    case _:
        raise ValueError
probe(1)  # unknown

### match of a tuple
t = Session(engine)
match (a, t):
    case (x, s):
        s.execute(q)
        probe(1)  # held

### guard reads
match a:
    case 1 if s.execute(q):
        probe(1)  # held
    case 2:
        probe(2)  # either
    case _:
        probe(3)  # either

### comprehension
x = [s.execute(y) for y in a]
probe(1)  # either

### comprehension with a test that reads
x = {y for y in a if s.execute(y)}
probe(1)  # either

### first iterable is always read
x = {y: 1 for y in s.execute(q)}
probe(1)  # held

### second iterable is not
x = [z for y in a for z in s.execute(y)]
probe(1)  # either

### names of a comprehension are its own
s.execute(q)
x = [s for s in a]
probe(1)  # held

### walrus in a comprehension is not
t = s
x = [s := f(y) for y in a]
s = t
s.execute(q)
probe(1)  # held

### comprehension in a comprehension
x = [[s.execute(z) for z in y] for y in a]
probe(1)  # either

### async comprehension
x = [await s.scalar(y) async for y in f()]
probe(1)  # either

### await in a comprehension
x = [await s.scalar(y) for y in a]
probe(1)  # either

### generator expression that is taken up
x = sum(s.scalar(y) for y in a)
probe(1)  # either

### generator expression that is kept
x = (s.scalar(y) for y in a)
probe(1)  # unknown

### lambda runs later
x = lambda: s.execute(q)
probe(1)  # free
x()
probe(2)  # held

### lambda with an argument
x = lambda t: t.execute(q)
x(s)
probe(1)  # held

### lambda given to a known runner
x = map(lambda y: s.execute(y), a)
probe(1)  # either

### lambda given to a stranger
s.execute(q)
f(lambda: s.commit())
probe(1)  # unknown

### lambda that calls itself
x = lambda: x() or s.execute(q)
x()
probe(1)  # unknown

### inner function runs later
def inner():
    s.execute(q)
probe(1)  # free
inner()
probe(2)  # held

### inner function that ends it
def inner():
    s.commit()
s.execute(q)
inner()
probe(1)  # free

### inner function with an argument
def inner(t):
    t.execute(q)
inner(s)
probe(1)  # unknown

### inner function with a declared argument
def inner(t: Session):
    t.execute(q)
inner(s)
probe(1)  # held

### inner function given away
def inner():
    s.commit()
s.execute(q)
f(inner)
probe(1)  # unknown

### inner coroutine function
async def inner():
    await s.execute(q)
x = inner()
probe(1)  # free
await x
probe(2)  # held

### inner function that gives the name another value
def inner():
    nonlocal s
    s = f()
s.execute(q)
inner()
s.commit()
probe(1)  # unknown

### inner function with a decorator
@f
def inner():
    s.commit()
s.execute(q)
probe(1)  # held

### inner function defined on one path
if a:
    def inner():
        s.execute(q)
else:
    def inner():
        s.scalar(q)
probe(1)  # free
inner()
probe(2)  # unknown

### default is evaluated at once
def inner(x=s.execute(q)):
    pass
probe(1)  # held

### class body runs at once
class Inner:
    x = s.execute(q)
probe(1)  # held

### names of a class are its own
s.execute(q)
class Inner:
    s = None
probe(1)  # held

### yield in a block
with s.begin():
    s.execute(q)
    yield 1
    probe(1)  # held
probe(2)  # free

### yield may raise
try:
    s.execute(q)
    yield
    s.commit()
except ValueError:
    probe(1)  # either
probe(2)  # either

### yield from
def inner():
    yield s.execute(q)
yield from inner()
probe(1)  # held

### generator runs where it is read
def inner():
    yield s.execute(q)
x = inner()
probe(1)  # free
for y in inner():
    probe(2)  # held

### star in a target
t, *rest = s, 1, 2
t.execute(q)
probe(1)  # held

### star at the front
*rest, t = 1, 2, s
t.execute(q)
probe(1)  # held

### star in the middle
x, *(t, u), y = 1, s, 2, 3
t.execute(q)
probe(1)  # held

### swap
t = Session(engine)
t.execute(q)
s, t = t, s
probe(1)  # held

### session in star arguments
s.execute(q)
x = (s,)
f(*x)
probe(1)  # unknown

### session in keyword arguments
s.execute(q)
f(**dict(session=s))
probe(1)  # unknown

### session in a list
s.execute(q)
f([s])
probe(1)  # unknown

### session by its method
s.execute(q)
f(s.commit)
probe(1)  # unknown

### augmented assignment
x = 0
x += s.scalar(q)
probe(1)  # held

### augmented assignment takes the name away
s.execute(q)
s += 1
probe(1)  # unknown

### del
s.execute(q)
del s
probe(1)  # unknown

### del of an item
del a[s.execute(q)]
probe(1)  # held

### item that is assigned
a[s.execute(q)] = 1
probe(1)  # held

### two targets
t = u = s
u.execute(q)
probe(1)  # held

### annotated
t: Session = s
t.execute(q)
probe(1)  # held

### exit
if a:
    s.execute(q)
    sys.exit(1)
probe(1)  # free

### exit runs finally
try:
    s.execute(q)
    sys.exit(1)
finally:
    probe(1)  # either
probe(2)  # unreached

### abrupt exit does not
try:
    os._exit(1)
finally:
    probe(1)  # free
probe(2)  # unreached

### bare exit
if a:
    s.execute(q)
    exit()
probe(1)  # free

### exit in an expression
x = a or sys.exit(1)
probe(1)  # free

### certain exit in an expression
x = f(sys.exit(1))
probe(1)  # unreached

### assert never
match a:
    case 1:
        s.execute(q)
    case _:
        assert_never(a)
probe(1)  # held

### error of a parser
parser = argparse.ArgumentParser()
if a:
    s.execute(q)
    parser.error("no")
probe(1)  # free

### import that may fail
try:
    import fast
except ImportError:
    s.execute(q)
probe(1)  # either

### subscript reads once
x = s.execute(q)[0][1][2]
probe(1)  # held

### text that reads
x = f"{s.scalar(q)!r:>{a}}"
probe(1)  # held

### slices, dicts and sets
x = {**a, "k": a[1:s.scalar(q)], **{1: {2, *b}}}
probe(1)  # held

### global and nonlocal change nothing
global something
something = s.execute(q)
probe(1)  # held

### type alias (3.12)
type Name = int
s.execute(q)
probe(1)  # held
"""


# -- time --------------------------------------------------------------------------------------


def steps(text: str) -> float:
    """Give how many steps the functions of a program take, for each node that they have."""
    model = model_of(text)
    analyses = [model.analysis(info) for info in model.names.functions]
    assert all(analysis.is_complete for analysis in analyses)
    nodes = sum(1 for info in model.names.functions for _ in walk(info.node))
    return sum(one.steps for one in analyses) / nodes


@pytest.mark.parametrize("name", twisted.PROGRAMS)
def test_the_time_is_in_proportion_to_the_size(name: str) -> None:
    """Counted in steps, which a busy machine does not change."""
    small, large = steps(twisted.PROGRAMS[name](100)), steps(twisted.PROGRAMS[name](300))
    assert large < 10
    assert large < 1.5 * small + 1


def test_loops_within_loops_that_learn_slowly() -> None:
    """Each round tells one thing more, so that none of many rounds is the last to do so."""
    names = [f"x{index}" for index in range(60)]
    moves = "\n".join(f"{one} = {other}" for one, other in pairwise(names))
    text = "from sqlalchemy.orm import Session\ndef test(a):\n s = x59 = Session()\n"
    text += "".join(f" {name} = 1\n" for name in names[:-1])
    for depth in range(1, 15):
        text += f"{' ' * depth}for y{depth} in a:\n"
    text += textwrap.indent(f"{moves}\nx0.execute(1)\n", " " * 15)
    assert steps(text + " probe(1)\n") < 40
    interpreter = Probing(model_of(text + " probe(1)\n"))
    assert interpreter.run().is_complete
    # What nobody followed to its end may be anything: never one of the two for certain.
    assert word(interpreter.seen[1]) in ("either", "unknown")


def test_a_function_that_is_too_twisted_leaves_a_note(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "def test(a):\n    a.b.c\n\n\ndef other(a):\n    pass\n"
    monkeypatch.setattr("pool_lint.model.interpreter._STEPS_PER_NODE", 0.02)
    model = model_of(text)
    with caplog.at_level("DEBUG", logger="pool_lint"):
        first, second = (model.analysis(info).is_complete for info in model.names.functions)
    assert (first, second) == (False, True)
    assert caplog.messages == ["test.py: test() is too twisted to be followed (GaveUp)"]


def test_a_chain_of_two_thousand_functions() -> None:
    """What the last of them does to the session shows in the first."""
    chain = "".join(
        f"def f{index}(s: Session):\n    return f{index + 1}(s)\n\n\n" for index in range(2000)
    )
    text = (
        f"from sqlalchemy.orm import Session\n{chain}def f2000(s: Session):\n    s.execute('')\n"
        "def test():\n    s = Session()\n    f0(s)\n    probe(1)\n"
    )
    interpreter = Probing(model_of(text))
    assert interpreter.run().is_complete
    assert word(interpreter.seen[1]) == "held"


def test_depth_is_no_obstacle() -> None:
    """Ninety blocks, each with a deep expression, and the read at the bottom of all."""
    text = "from sqlalchemy.orm import Session\ndef test(a):\n s = Session()\n"
    for depth in range(1, 90):
        text += f"{' ' * depth}if {' + '.join(['a'] * 100)}:\n"
    text += f"{' ' * 90}s.execute(1)\n{' ' * 90}probe(1)\n probe(2)\n"
    interpreter = Probing(model_of(text))
    assert interpreter.run().is_complete
    assert {n: word(seen) for n, seen in interpreter.seen.items()} == {1: "held", 2: "either"}


@pytest.mark.parametrize("body", cases())
def test_follows(body: str) -> None:
    expected = {
        int(number): answer for number, answer in re.findall(r"probe\((\d+)\)  # (\w+)", body)
    }
    assert expected
    assert probes(body) == expected


def test_the_programs_are_python() -> None:
    """A program that Python would refuse says nothing about Python."""
    for piece in re.split(r"^### ", PROGRAMS, flags=re.MULTILINE)[1:]:
        title, _, body = piece.partition("\n")
        version = re.search(r"\(3\.(\d+)\)$", title)
        if version is None or sys.version_info >= (3, int(version[1])):
            ast.parse(f"async def test(a):\n{textwrap.indent(body, '    ')}")
