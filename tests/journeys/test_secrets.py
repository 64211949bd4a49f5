"""A secret goes into a vault and comes out nowhere: not in an answer, a log, a table, a job, a trace or the ledger."""

import base64
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any
from uuid import UUID

import httpx
import pytest_asyncio

from shared.contracts.trading import ExecutionState
from tests.actors import TIMEOUT_S, ExchangeAccount, Operator, exchange_setup
from tests.denied import Scene, new_scene
from tests.stack import Stack
from tests.stored import DATABASES, superuser, tables, text_of
from tests.trades import RUN

PLATFORMS = "/api/cp/platform-credentials"
LOGS = ("cp", "pp", "gateway", "plant", "worker", "sandbox", "postgres")


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that the story got back, and the canaries that must not be in it."""

    stack: Stack
    keys: list[str] = field(default_factory=list[str])
    secrets: list[str] = field(default_factory=list[str])
    answers: list[str] = field(default_factory=list[str])

    async def listen(self, answer: httpx.Response) -> None:
        await answer.aread()
        self.answers.append(f"{answer.request.method} {answer.url} {answer.headers} {answer.text}")

    def canaries(self) -> list[str]:
        """Each in clear and in the encodings that would carry it along unnoticed."""
        found = [*self.keys, *self.secrets]
        encoded = [secret.encode() for secret in self.secrets]
        return (
            found
            + [text.hex() for text in encoded]
            + [base64.b64encode(text).decode().rstrip("=")[:-2] for text in encoded]
        )


@pytest_asyncio.fixture(scope="module")
async def told(stack: Stack, admin: Operator) -> AsyncIterator[Told]:
    """Play the whole story with keys that would be recognised anywhere."""
    told = Told(stack)
    async with new_scene(stack, admin) as scene, overheard(scene, told):
        told.secrets.append(scene.http.headers["Authorization"].removeprefix("Bearer "))
        told.secrets.append(scene.trader.account.api_secret)
        told.keys.append(scene.trader.account.api_key)
        await trade_and_be_denied(scene)
        await use_the_assisted_vault(scene, told)
        await make_mistakes(scene, told)
        await connect_a_platform(scene, told)
        yield told


@asynccontextmanager
async def overheard(scene: Scene, told: Told) -> AsyncGenerator[None]:
    clients = (scene.http, scene.operator.http)
    for http in clients:
        http.event_hooks["response"].append(told.listen)
    try:
        yield
    finally:
        for http in clients:
            http.event_hooks["response"].remove(told.listen)


async def trade_and_be_denied(scene: Scene) -> None:
    approved = await scene.trader.approved()
    await scene.execute(approved.draft.deliverable_id)
    execution = await scene.trader.release(approved)
    await scene.trader.until(execution.execution_id, ExecutionState.FILLED)
    await scene.trader.release(await scene.trader.approved(action="exit"))
    await scene.http.post(f"/api/cp/exchange-setup/{scene.trader.account.credential_ref}/test")
    customer = {"customer_id": str(scene.customer_id)}
    for path in ("exchange-setup", "approvals"):
        await scene.http.get(f"/api/cp/{path}")
    for path in ("deliverables", "executions", "usage-events", "policy-denials", "decision-traces", "audit"):
        await scene.http.get(f"/api/v1/{path}")
        await scene.operator.http.get(f"/api/pp/{path}", params=customer)


async def use_the_assisted_vault(scene: Scene, told: Told) -> None:
    account = await open_account(scene, told)
    body = exchange_setup(api_key=account["api_key"], api_secret=account["api_secret"])
    stored = await scene.operator.http.put(
        "/api/pp/exchange-credentials", json=body | {"customer_id": str(scene.customer_id)}
    )
    ref = stored.json()["credential_ref"]
    await scene.operator.http.post(f"/api/pp/exchange-credentials/{ref}/test")
    drafted = (await scene.run(exchange_account_id=ref)).json()
    consent = {"channel": "phone", "reference": "r", "obtained_at": "2026-01-01T00:00:00Z"}
    approval = await scene.operator.http.post(
        "/api/pp/approvals",
        json={
            "customer_id": str(scene.customer_id),
            "deliverable_id": drafted["deliverable_id"],
            "action_hash": drafted["draft"]["action_hash"],
            "consent": consent,
        },
    )
    executed = await scene.execute(UUID(drafted["deliverable_id"]), approval.json()["approval_id"])
    execution_id = UUID(executed.json()["execution"]["execution_id"])
    await scene.trader.until(execution_id, ExecutionState.FILLED)
    await scene.operator.http.delete(f"/api/pp/exchange-credentials/{ref}")


async def make_mistakes(scene: Scene, told: Told) -> None:
    """Put secrets where they do not belong, and keys that the exchange refuses."""
    account = await open_account(scene, told)
    key, secret = account["api_key"], account["api_secret"]
    setup = exchange_setup(api_key=key, api_secret=secret)
    wrong = await scene.http.put("/api/cp/exchange-setup", json=setup | {"api_secret": secret + "x"})
    ref = wrong.json()["credential_ref"]
    await scene.http.post(f"/api/cp/exchange-setup/{ref}/test")
    await scene.run(exchange_account_id=ref)
    await scene.http.put("/api/cp/exchange-setup", json=setup | {"credential_ref": ref})
    await scene.run(exchange_account_id=ref)
    for body in (
        setup | {"default_coin": secret},
        setup | {secret: 1},
        setup | {"allowed_coins": secret},
        setup | {"api_secret": {"nested": secret}},
        setup | {"api_secret": secret + "\n"},
        [secret],
    ):
        await scene.http.put("/api/cp/exchange-setup", json=body)
    await scene.http.put("/api/cp/exchange-setup", content=f'{{"api_secret": "{secret}"')
    for body in ({"api_secret": secret}, {"purpose": f"key {secret}"}, {"coin": secret}):
        await scene.http.post(RUN, json=scene.trader.wish(**body))
    await scene.http.post("/api/auth/token", json={"email": scene.trader.customer.email, "password": secret})
    await scene.http.delete(f"/api/cp/exchange-setup/{ref}")


async def connect_a_platform(scene: Scene, told: Told) -> None:
    """With tokens that the platform refuses, and would not renew."""
    path, access, refresh = PLATFORMS, f"canary-{token_hex(20)}", f"canary-{token_hex(20)}"
    told.secrets.extend((access, refresh))
    body = {"platform": "x", "access_token": access, "refresh_token": refresh, "posting_identity": "demo_a"}
    stored = await scene.http.put(path, json=body)
    ref = stored.json()["credential_ref"]
    tested = await scene.http.post(f"{path}/{ref}/test")
    assert tested.json()["ok"] is False
    await scene.http.get(path)
    for wrong in ({"posting_identity": f"{access} "}, {"refresh_token": f"{refresh}\n"}, {refresh: 1}):
        refused = await scene.http.put(path, json=body | wrong)
        assert refused.status_code == 422
    await scene.http.put(path, json=body | {"credential_ref": ref})
    await scene.http.delete(f"{path}/{ref}")


async def open_account(scene: Scene, told: Told) -> dict[str, str]:
    account = {"api_key": f"canary-key-{token_hex(8)}", "api_secret": f"canary-{token_hex(20)}"}
    body: dict[str, Any] = {"venue": "delta", "balances": {"USD": "100000"}, **account}
    async with httpx.AsyncClient(base_url=scene.stack.sandbox_url, timeout=TIMEOUT_S) as http:
        (await http.post("/_control/accounts", json=body)).raise_for_status()
    told.keys.append(account["api_key"])
    told.secrets.append(account["api_secret"])
    return account


def test_no_answer_tells_a_secret(told: Told) -> None:
    assert len(told.answers) > 40
    assert _found(told.canaries(), "\n".join(told.answers)) == []


def test_no_log_tells_a_secret(told: Told) -> None:
    for name in LOGS:
        text = told.stack.log_text(name)
        assert _found(told.canaries(), text) == [], name
    assert "vault.released" in told.stack.log_text("cp")


async def test_no_table_tells_a_secret(told: Told) -> None:
    for database in DATABASES:
        async with superuser(told.stack, database) as connection:
            names = await tables(connection)
            assert len(names) > 5
            for table in names:
                assert _found(told.canaries(), await text_of(connection, table)) == [], table


async def test_ledger_of_the_exchange_tells_no_secret(told: Told) -> None:
    async with httpx.AsyncClient(base_url=told.stack.sandbox_url, timeout=TIMEOUT_S) as http:
        ledger = (await http.get("/_control/ledger", params={"venue": "delta"})).text

    assert told.keys[0] in ledger
    assert _found(told.secrets, ledger) == []


def test_metrics_tell_no_secret(told: Told) -> None:
    stack = told.stack
    for url in (stack.cp_url, stack.pp_url, stack.gateway_url, stack.plant_url, stack.worker_url):
        metrics = httpx.get(f"{url}/metrics", trust_env=False).text
        assert "countersign_" in metrics
        assert _found(told.canaries(), metrics) == []


def _found(canaries: list[str], text: str) -> list[str]:
    return [canary for canary in canaries if canary in text]


def test_search_would_find_a_canary(told: Told, scene: Scene) -> None:
    account: ExchangeAccount = scene.trader.account
    canaries = Told(told.stack, secrets=[account.api_secret]).canaries()

    assert len(_found(canaries, f"x{account.api_secret}y {account.api_secret.encode().hex()}")) == 2
