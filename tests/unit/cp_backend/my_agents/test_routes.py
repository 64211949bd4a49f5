"""The hub at the portal: one call to Plant, merged with the subscriptions; the selection is kept. Plant is imitated."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.portals import RunningPortal
from tests.unit.cp_backend.subscriptions.test_routes import hired, offered

PATH = "/api/cp/my-agents/summary"
UPSTREAM = ("GET", "/api/v1/hired-agents-summary")

__all__ = ["offered"]


def summary(subscription: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "hired_instance_id": str(uuid4()),
        "subscription_id": subscription["subscription_id"],
        "agent_type_id": subscription["agent_type_id"],
        "agent_type_version": 1,
        "nickname": "Desk",
        "state": "active",
        "configured": True,
        "goals_completed": 3,
        "drafts_waiting": 1,
        "tasks_used": 7,
        "budget_used": "0.07",
    } | changes


async def test_hub_asks_plant_once_and_shows_what_is_not_configured_too(cp: RunningPortal) -> None:
    _, http = await cp.customer()
    first, second = await hired(http), await hired(http, "standard")
    agent = summary(first)
    cp.plant.scripted[UPSTREAM] = lambda _request: httpx.Response(200, json={"items": [agent]})
    cp.plant.calls.clear()

    hub = (await http.get(PATH)).json()

    assert [(call.method, call.path) for call in cp.plant.calls] == [UPSTREAM]
    assert [one["subscription"] for one in hub["items"]] == [second, first]
    assert [(one["configured"], one["agent"]) for one in hub["items"]] == [(False, None), (True, agent)]


@pytest.mark.parametrize("named", ["subscription_id", "hired_instance_id"])
async def test_selection_is_kept_by_either_name(cp: RunningPortal, named: str) -> None:
    _, http = await cp.customer()
    first, second = await hired(http), await hired(http)
    agent = summary(first)
    cp.plant.scripted[UPSTREAM] = lambda _request: httpx.Response(200, json={"items": [agent]})

    chosen = (await http.get(PATH, params={"selected": agent[named]})).json()
    unknown = (await http.get(PATH, params={"selected": str(uuid4())})).json()

    assert chosen["selected"] == first["subscription_id"]
    assert unknown["selected"] == second["subscription_id"]


async def test_hub_of_who_has_hired_nobody_is_empty(cp: RunningPortal) -> None:
    _, http = await cp.customer()
    cp.plant.scripted[UPSTREAM] = lambda _request: httpx.Response(200, json={"items": []})

    hub = (await http.get(PATH)).json()

    assert hub == {"items": [], "selected": None}


async def test_hub_without_plant_says_so(cp: RunningPortal) -> None:
    _, http = await cp.customer()
    cp.plant.is_down = True

    assert (await http.get(PATH)).status_code == 503
