"""A customer who has done everything once, so that there is something of theirs in every table."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx

from pp_backend.approval_proposals.store import insert_proposal
from shared.contracts.approvals import AssistedApproveRequest, Consent
from shared.contracts.trading import DraftRunResponse, ExecutionState
from shared.db import open_database
from shared.identity import ActorType
from shared.ids import OperatorId, uuid7
from shared.keys import Issuer, Purpose
from tests.actors import TIMEOUT_S, Operator, exchange_setup
from tests.denied import Scene, new_scene
from tests.forgery import Pretence, at_gateway, signing_key
from tests.goals import AHEAD, hire_trader
from tests.stack import Stack
from tests.trades import eventually


@dataclass(frozen=True, slots=True)
class Past:
    """A customer who has something in every table, and the ids of it, by the names that paths give them."""

    scene: Scene
    ids: dict[str, str]

    @property
    def traces(self) -> list[str]:
        """What would give the customer away in an answer to somebody else."""
        return [
            str(self.scene.customer_id),
            self.scene.trader.customer.email,
            self.scene.trader.account.api_key,
        ]


@asynccontextmanager
async def customer_with_a_past(stack: Stack, operator: Operator) -> AsyncGenerator[Past]:
    async with new_scene(stack, operator) as scene:
        approved = await scene.trader.approved()
        await scene.execute(approved.draft.deliverable_id)
        execution = await scene.trader.release(approved)
        await scene.trader.until(execution.execution_id, ExecutionState.FILLED)
        await scene.trader.settled(execution.execution_id)
        revoked = await scene.trader.approved(units="0.02")
        await scene.http.post(f"/api/cp/approvals/{revoked.approval.approval_id}/revoke")
        pending = await scene.trader.draft(units="0.03")
        await _use_assisted_portal(scene)
        await _keep_a_proposal(scene, pending)
        channel = await scene.http.put("/api/cp/notification-channels", json={"url": "record://past"})
        hired = await hire_trader(scene)
        goal = await hired.set_goal("guardrail_report", frequency="daily", time_of_day=AHEAD)
        run = await hired.run(goal)
        await hired.ended(run)
        notified = (await scene.http.get("/api/v1/notifications")).json()["items"]
        await _announce_platform_account(scene)
        await _hand_in_stale_tokens(scene)
        await _until_notified_outside(scene, channel.json()["channel_id"])
        traces = await scene.trader.traces()
        ids = {
            "deliverable_id": str(pending.deliverable_id),
            "execution_id": str(execution.execution_id),
            "approval_id": str(approved.approval.approval_id),
            "credential_ref": str(scene.trader.account.credential_ref),
            "trace_id": str(traces[0].trace_id),
            "agent_id": "AGT-TRD-DELTA-001",
            "action_hash": pending.draft.action_hash,
            "agent_type_id": hired.agent["agent_type_id"],
            "subscription_id": hired.agent["subscription_id"],
            "hired_instance_id": hired.agent["hired_instance_id"],
            "goal_id": goal["goal_id"],
            "run_id": run["run_id"],
            "notification_id": notified[0]["notification_id"],
            "channel_id": channel.json()["channel_id"],
            "version": "1",
        }
        yield Past(scene, ids)


async def _until_notified_outside(scene: Scene, channel_id: str) -> None:
    path = f"/api/cp/notification-channels/{channel_id}/deliveries"
    await eventually(lambda: scene.http.get(path), lambda answer: bool(answer.json()["items"]))


async def _announce_platform_account(scene: Scene) -> None:
    account = {
        "credential_ref": str(uuid7()),
        "customer_id": str(scene.customer_id),
        "platform": "mastodon",
        "vault": "cp",
        "posting_identity": "@desk",
        "version": 1,
        "deleted": False,
    }
    path = f"/internal/v1/platform-accounts/{account['credential_ref']}"
    async with at_gateway(scene.stack, customer_id=scene.customer_id) as gateway:
        (await gateway.put(path, json=account)).raise_for_status()


async def _hand_in_stale_tokens(scene: Scene) -> None:
    """As Plant, for a credential that is gone: refused, and on record."""
    key = signing_key(scene.stack, Issuer.PLANT, Purpose.IDENTITY)
    body = {
        "credential_ref": str(uuid7()),
        "customer_id": str(scene.customer_id),
        "version": 1,
        "sealed": "nothing",
    }
    for issuer, url in ((Issuer.CP, scene.stack.cp_url), (Issuer.PP, scene.stack.pp_url)):
        auth = Pretence(key, Issuer.PLANT, ActorType.SERVICE, scene.customer_id, audience=issuer)
        async with httpx.AsyncClient(base_url=url, auth=auth, timeout=TIMEOUT_S) as http:
            refused = await http.post("/internal/v1/credential-refreshes", json=body)
        assert refused.json()["reason"] == "credential_unavailable", refused.text


async def _keep_a_proposal(scene: Scene, draft: DraftRunResponse) -> None:
    """As the platform portal does it where a second operator is demanded, which this stack does not."""
    request = AssistedApproveRequest(
        customer_id=scene.customer_id,
        deliverable_id=draft.deliverable_id,
        action_hash=draft.draft.action_hash,
        consent=Consent(channel="phone", reference="r", obtained_at=datetime(2026, 1, 1, tzinfo=UTC)),
    )
    by = OperatorId(scene.operator.operator_id)
    async with (
        open_database(scene.stack.database_url("pp"), name="past") as database,
        database.oversight(actor=f"operator:{by}") as session,
    ):
        await insert_proposal(
            session, request, action=draft.draft.action, proposed_by=by, waits=timedelta(minutes=1)
        )


async def _use_assisted_portal(scene: Scene) -> None:
    """Store the key with the operators too, and let them approve an order on it."""
    account = scene.trader.account
    setup = exchange_setup(api_key=account.api_key, api_secret=account.api_secret)
    body = setup | {"customer_id": str(scene.customer_id)}
    stored = await scene.operator.http.put("/api/pp/exchange-credentials", json=body)
    draft = await scene.trader.draft(units="0.04", exchange_account_id=stored.json()["credential_ref"])
    approved = await scene.operator.http.post(
        "/api/pp/approvals",
        json={
            "customer_id": str(scene.customer_id),
            "deliverable_id": str(draft.deliverable_id),
            "action_hash": draft.draft.action_hash,
            "consent": {"channel": "phone", "reference": "r", "obtained_at": "2026-01-01T00:00:00Z"},
        },
    )
    executed = await scene.execute(draft.deliverable_id, approved.json()["approval_id"])
    await scene.trader.settled(UUID(executed.json()["execution"]["execution_id"]))
