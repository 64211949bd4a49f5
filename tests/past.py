"""A customer who has done everything once, so that there is something of theirs in every table."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from shared.contracts.trading import ExecutionState
from tests.actors import Operator, exchange_setup
from tests.denied import Scene, new_scene
from tests.stack import Stack


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
        traces = await scene.trader.traces()
        ids = {
            "deliverable_id": str(pending.deliverable_id),
            "execution_id": str(execution.execution_id),
            "approval_id": str(approved.approval.approval_id),
            "credential_ref": str(scene.trader.account.credential_ref),
            "trace_id": str(traces[0].trace_id),
            "agent_id": "AGT-TRD-DELTA-001",
            "action_hash": pending.draft.action_hash,
        }
        yield Past(scene, ids)


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
