"""The leaky shop runs, its mistakes hurt as its README says, and pool-lint finds them all."""

from __future__ import annotations

import asyncio
import importlib
import re
import sys
import warnings
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import InvalidRequestError

from pool_lint import lint

EXAMPLES = Path(__file__).parents[1] / "examples"
APP = EXAMPLES / "leaky_app"
TEA = {"item": "tea", "cents": 300}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The package as a server would import it, on an empty database."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}")
    monkeypatch.syspath_prepend(str(EXAMPLES))
    yield importlib.import_module("leaky_app.main")
    for name in [name for name in sys.modules if name.split(".")[0] == "leaky_app"]:
        del sys.modules[name]


def serve(shop: ModuleType, visit: Callable[[httpx.AsyncClient], Awaitable[Any]]) -> Any:
    """Open the shop, let one customer visit it and close it again."""

    async def day() -> Any:
        door = httpx.ASGITransport(app=shop.app)
        async with (
            shop.app.router.lifespan_context(shop.app),
            httpx.AsyncClient(transport=door, base_url="http://shop") as customer,
            httpx.AsyncClient(transport=door, base_url="http://shop/bank") as bank,
        ):
            sys.modules["leaky_app.payments"].bank = bank
            answer = await visit(customer)
            # The shop forgets to do this itself.
            await sys.modules["leaky_app.database"].engine.dispose()
            return answer

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="coroutine .* was never awaited")
        return asyncio.run(day())


def test_the_shop_takes_an_order_and_is_paid(shop: ModuleType) -> None:
    async def visit(customer: httpx.AsyncClient) -> list[Any]:
        answers = [
            await customer.post("/orders", json=TEA),
            await customer.post("/orders/1/payment"),
            await customer.get("/orders"),
            await customer.post("/orders/1/receipt"),
            await customer.get("/reports/turnover"),
        ]
        return [answer.json() for answer in answers]

    assert serve(shop, visit) == [
        {"id": 1, "status": "open", **TEA},
        {"status": "paid"},
        [{"id": 1, "status": "paid", **TEA}],
        {"receipt": "tea: 3.00"},
        {"cents": 300},
    ]


def test_a_change_is_lost(shop: ModuleType) -> None:
    async def visit(customer: httpx.AsyncClient) -> tuple[int, Any]:
        await customer.post("/orders", json=TEA)
        change = await customer.put("/orders/1", json={"item": "tea", "cents": 400})
        return change.status_code, (await customer.get("/orders")).json()[0]["cents"]

    assert serve(shop, visit) == (200, 300)


def test_no_order_can_be_cancelled(shop: ModuleType) -> None:
    async def visit(customer: httpx.AsyncClient) -> str:
        await customer.post("/orders", json=TEA)
        with pytest.raises(InvalidRequestError) as error:
            await customer.delete("/orders/1")
        return str(error.value)

    assert "A transaction is already begun on this Session" in serve(shop, visit)


def promised() -> list[tuple[str, int, str]]:
    """What the table in the README of the example says."""
    table = (APP / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+\.py) \| (\d+) \| (POOL\d+) \|", table, flags=re.MULTILINE)
    return [(file, int(line), code) for file, line, code in rows]


def test_pool_lint_finds_what_the_readme_promises() -> None:
    found = [
        (path.name, finding.range.start.row, finding.code)
        for path in sorted(APP.glob("*.py"))
        for finding in lint(path.read_bytes(), filename=str(path))
    ]
    assert found == promised()
