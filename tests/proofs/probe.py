"""Runs one proof against a real PostgreSQL and says whether it came out healthy.

    PROOF_URL=postgresql+asyncpg://app@db/proof python tests/proofs/probe.py bad.py

A proof is a small program with a coroutine ``proof()``.  It is healthy when that returns, and has
failed when it raises.  The rest of this module is what proofs need to look at the server.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import runpy
import socket
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import asyncpg

if TYPE_CHECKING:
    import httpx
    from fastapi import FastAPI

URL = os.environ["PROOF_URL"]
# The same without its scheme, for proofs that go there with another driver.
PLACE = URL.partition("://")[2]
# Stands for the half hour of real life.
RECYCLE = int(os.environ.get("PROOF_RECYCLE", "1"))

OTHERS = "from pg_stat_activity where usename = current_user and pid <> pg_backend_pid()"


class Unhealthy(Exception):
    """What went wrong where nothing raised."""


async def ask(sql: str) -> object:
    """Runs a statement on a connection of its own, past every pool, and returns its first value."""
    connection = await asyncpg.connect(URL.replace("+asyncpg", ""))
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def end_all_connections() -> None:
    """Does to the server's connections what a restart or a failover does."""
    await ask(f"select count(pg_terminate_backend(pid)) {OTHERS}")
    if await connections_left():
        raise RuntimeError("the server did not end its connections")
    await asyncio.sleep(0.1)


async def connections_left(seconds: float = 1.0) -> int:
    """Counts the connections that are still open after at most ``seconds``."""
    end = time.monotonic() + seconds
    while (count := await ask(f"select count(*) {OTHERS}")) and time.monotonic() < end:
        await asyncio.sleep(0.05)
    return count


def client(app: FastAPI) -> httpx.AsyncClient:
    """Gives a client that hands its requests to ``app``; what a handler raises comes out of it."""
    import httpx

    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://proof")


class Standstill:
    """Measures the longest time for which the event loop stood still in an ``async with`` block."""

    longest = 0.0

    async def __aenter__(self) -> Standstill:
        self.watch = asyncio.create_task(self.tick())
        await asyncio.sleep(0.02)
        self.longest = 0.0
        return self

    async def __aexit__(self, *error: object) -> None:
        await asyncio.sleep(0.02)
        self.watch.cancel()

    async def tick(self) -> None:
        while True:
            start = time.perf_counter()
            await asyncio.sleep(0.005)
            self.longest = max(self.longest, time.perf_counter() - start)


class Firewall:
    """A firewall before the server, which can forget its connections without telling either side."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        parts = urlsplit(URL)
        self.target = parts.hostname, parts.port or 5432
        self.directory = parse_qs(parts.query).get("host", [None])[0]
        port = self.socket.getsockname()[1]
        self.url = f"{parts.scheme}://{parts.username}@127.0.0.1:{port}{parts.path}"
        self.age = 0

    async def __aenter__(self) -> Firewall:
        self.server = await asyncio.start_server(self.carry, sock=self.socket)
        return self

    async def __aexit__(self, *error: object) -> None:
        self.server.close()

    def forget_connections(self) -> None:
        self.age += 1

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.directory:
            path = os.path.join(self.directory, ".s.PGSQL.5432")
            behind = await asyncio.open_unix_connection(path)
        else:
            behind = await asyncio.open_connection(*self.target)
        await asyncio.gather(self.pump(reader, behind[1]), self.pump(behind[0], writer))

    async def pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        born = self.age
        while data := await reader.read(65536):
            if born == self.age:
                writer.write(data)
        if born == self.age:
            writer.close()


class Pooler:
    """A PgBouncer before the server, which lends a connection for one transaction at a time."""

    async def __aenter__(self) -> Pooler:
        self.firewall = await Firewall().__aenter__()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.place = f"app@127.0.0.1:{port}/proof"
        self.folder = tempfile.TemporaryDirectory(prefix="pb")
        os.chmod(self.folder.name, 0o755)
        path = os.path.join(self.folder.name, "pgbouncer.ini")
        behind = self.firewall.socket.getsockname()[1]
        with open(path, "w", encoding="utf-8") as file:
            file.write(
                f"[databases]\nproof = host=127.0.0.1 port={behind} user=app dbname=proof\n"
                f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
                "auth_type = any\npool_mode = transaction\ndefault_pool_size = 5\n"
            )
            if self.knows_statements():
                file.write("max_prepared_statements = 0\n")
        # It refuses to run as root.
        user = "nobody" if os.getuid() == 0 else None
        self.process = subprocess.Popen([os.environ["PROOF_PGBOUNCER"], "-q", path], user=user)
        for _ in range(100):
            with contextlib.suppress(OSError):
                (await asyncio.open_connection("127.0.0.1", port))[1].close()
                break
            await asyncio.sleep(0.05)
        return self

    async def __aexit__(self, *error: object) -> None:
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()

    def knows_statements(self) -> bool:
        """Whether it can follow prepared statements, and has to be told not to."""
        said = subprocess.check_output([os.environ["PROOF_PGBOUNCER"], "--version"], text=True)
        return tuple(map(int, said.split()[1].split(".")[:2])) >= (1, 21)


async def run(path: str) -> None:
    if await connections_left(5):
        raise RuntimeError("an earlier proof is still connected")
    await ask("drop table if exists items")
    await ask("create table items (id serial primary key, name text)")
    await ask("insert into items (name) values ('first')")
    proof = runpy.run_path(path)["proof"]
    try:
        await proof()
    except Exception as error:
        print(f"FAILED {type(error).__module__}.{type(error).__qualname__}: {error}")
        code = 1
    else:
        print("HEALTHY")
        code = 0
    sys.stdout.flush()
    # A bad proof leaves things behind which an orderly end would wait for.
    os._exit(code)


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
