"""What a customer changes at a hired agent after approving holds at the door: paused, tightened, coins taken away."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest

from shared.contracts.trading import ExecutionState
from tests.denied import Scene
from tests.goals import Hired, hire_trader
from tests.processes import frozen_worker
from tests.trades import timeline

ENTER = {"coin": "BTC", "units": "0.05", "side": "long", "action": "enter", "order_type": "market"}
Json = dict[str, Any]


async def approved(scene: Scene, hired: Hired) -> tuple[Json, str]:
    goal = await hired.set_goal("trade_intent_draft", settings=ENTER)
    (draft,) = await hired.delivered(await hired.run(goal))
    body = {"deliverable_id": draft["deliverable_id"], "action_hash": draft["draft"]["action_hash"]}
    approval = await scene.http.post("/api/cp/approvals", json=body)
    assert approval.status_code == 201, approval.text
    return draft, approval.json()["approval_id"]


async def execute(scene: Scene, draft: Json, approval_id: str) -> httpx.Response:
    path = f"/api/v1/deliverables/{draft['deliverable_id']}/execute"
    return await scene.http.post(path, json={"approval_id": approval_id})


async def test_paused_agent_causes_nothing_until_it_works_again(scene: Scene) -> None:
    hired = await hire_trader(scene)
    draft, approval_id = await approved(scene, hired)
    await hired.send("POST", "/pause")

    refused = await execute(scene, draft, approval_id)
    await hired.send("POST", "/resume")
    executed = await execute(scene, draft, approval_id)

    assert (refused.status_code, refused.json()["reason"]) == (403, "precondition_failed")
    assert executed.status_code in (200, 202), executed.text


def _hours_away() -> Json:
    """An active window of an hour that begins in six."""
    start, end = (datetime.now(ZoneInfo("Asia/Kolkata")) + timedelta(hours=ahead) for ahead in (6, 7))
    return {"active_window_start": f"{start:%H:%M}", "active_window_end": f"{end:%H:%M}"}


async def configure(scene: Scene, hired: Hired, change: Json) -> None:
    now = await hired.send("GET", "")
    body = {
        "subscription_id": now["subscription_id"],
        "version": now["version"],
        "config": now["config"] | change,
    }
    changed = await scene.http.put("/api/v1/hired-agents/draft", json=body)
    assert changed.status_code == 200, changed.text


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"max_units_per_order": "0.001"}, "QTY_ABOVE_MAX"),
        ({"allowed_coins": ["ETH"], "default_coin": "ETH"}, "SYMBOL_NOT_ALLOWED"),
        (_hours_away(), "OUTSIDE_TRADING_WINDOW"),
    ],
)
async def test_limit_tightened_after_the_approval_denies(scene: Scene, change: Json, code: str) -> None:
    hired = await hire_trader(scene)
    draft, approval_id = await approved(scene, hired)
    sent_before = await scene.orders_sent()
    await configure(scene, hired, change)

    refused = await execute(scene, draft, approval_id)

    assert (refused.status_code, refused.json()["reason"]) == (403, "risk_denied")
    assert code in refused.json()["risk_codes"]
    assert await scene.orders_sent() == sent_before


async def test_order_that_waited_until_the_hours_were_over_is_not_sent(scene: Scene) -> None:
    hired = await hire_trader(scene)
    draft, approval_id = await approved(scene, hired)
    sent_before = await scene.orders_sent()

    with frozen_worker(scene.stack):
        executed = await execute(scene, draft, approval_id)
        await configure(scene, hired, _hours_away())

    execution = await scene.trader.settled(UUID(executed.json()["execution"]["execution_id"]))
    assert execution.state is ExecutionState.VETOED
    assert "ended while the order waited" in timeline(execution)
    assert await scene.orders_sent() == sent_before
