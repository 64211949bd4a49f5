"""Every page, with something on it: no serious accessibility fault in either colours, nothing wider than a phone.

What they look like is written to web/shots, to be looked at.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from shared.contracts.sign_in import Role
from shared.demo import OPERATOR_EMAILS, PASSWORD
from shared.posts.model import Platform
from tests.actors import Operator
from tests.browser import Window, open_window
from tests.goals import Json, hire_marketer
from tests.journeys.pages.people import Sitting, new_sitting
from tests.stack import Stack
from tests.trades import eventually

CUSTOMER_PAGES = (
    "my-agents",
    "hire",
    "configure",
    "configure-new",
    "goals",
    "run",
    "review-queue",
    "review-order",
    "review-post",
    "review-report",
    "executions",
    "execution",
    "activity",
    "connections",
    "notifications",
    "usage",
    "account",
    "no-such-page",
)
OPERATOR_PAGES = (
    "overview",
    "reference-agents",
    "agent-types",
    "agent-type",
    "hired-agents",
    "hired-agent",
    "assist",
    "assisted-review",
    "correlations",
    "correlation",
    "denials",
    "usage",
    "traces",
    "trace",
    "dead-letters",
    "kill-switches",
    "audit",
)
_WEEKDAYS = {"weekdays": [0, 3], "time_of_day": "10:00", "themes": ["monsoon"], "hashtags": ["chai"]}


@dataclass(frozen=True, slots=True)
class Furnished:
    """Somebody for whom no page is empty; the paths of their pages by name."""

    customer: Window
    operator: Window
    customer_paths: Mapping[str, str]
    operator_paths: Mapping[str, str]


@pytest_asyncio.fixture(scope="module")
async def furnished(stack: Stack, admin: Operator, browser: Browser) -> AsyncIterator[Furnished]:
    async with new_sitting(stack, admin, browser) as sitting, open_window(browser, stack.pp_url) as operator:
        await operator.sign_in(OPERATOR_EMAILS[Role.ADMIN], PASSWORD.get_secret_value())
        yield await _furnish(sitting, operator)


async def _furnish(sitting: Sitting, operator: Window) -> Furnished:
    http, customer_id = sitting.scene.http, sitting.scene.customer_id
    done = await sitting.draft()
    approved = await http.post(
        "/api/cp/approvals",
        json={"deliverable_id": done["deliverable_id"], "action_hash": done["draft"]["action_hash"]},
    )
    command = {"approval_id": approved.json()["approval_id"]}
    await http.post(f"/api/v1/deliverables/{done['deliverable_id']}/execute", json=command)
    await eventually(lambda: sitting.state_of(done), lambda state: state == "executed")
    (await http.post(f"/api/v1/deliverables/{done['deliverable_id']}/execute", json=command))
    (execution, *_) = (await http.get("/api/v1/executions")).json()["items"]
    order = await sitting.draft()
    marketer = await hire_marketer(sitting.scene, platforms=(Platform.MASTODON, Platform.BLUESKY))
    weekly: Json = {"frequency": "weekly", "time_of_day": "08:00", "weekday": 0, "settings": _WEEKDAYS}
    (post, *_) = await marketer.delivered(
        await marketer.run(await marketer.set_goal("weekly_multichannel_batch", **weekly))
    )
    report_goal = await sitting.hired.set_goal("guardrail_report")
    (report,) = await sitting.hired.delivered(await sitting.hired.run(report_goal))
    unconfigured = await http.post(
        "/api/cp/subscriptions", json={"agent_type_id": sitting.hired.agent["agent_type_id"], "plan": "trial"}
    )
    (trace, *_) = (await http.get("/api/v1/decision-traces")).json()["items"]
    instance = sitting.hired.instance_id
    return Furnished(
        sitting.window,
        operator,
        {
            "my-agents": "/",
            "hire": "/hire",
            "configure": f"/subscriptions/{sitting.hired.agent['subscription_id']}/configure",
            "configure-new": f"/subscriptions/{unconfigured.json()['subscription_id']}/configure",
            "goals": f"/agents/{instance}/goals",
            "run": f"/agents/{instance}/runs/{order['goal_run_id']}",
            "review-queue": "/review",
            "review-order": f"/deliverables/{order['deliverable_id']}",
            "review-post": f"/deliverables/{post['deliverable_id']}",
            "review-report": f"/deliverables/{report['deliverable_id']}",
            "executions": "/executions",
            "execution": f"/executions/{execution['execution_id']}",
            "activity": "/activity",
            "connections": "/connections",
            "notifications": "/notifications",
            "usage": "/usage",
            "account": "/account",
            "no-such-page": "/nowhere",
        },
        {
            "overview": "/",
            "reference-agents": "/reference-agents",
            "agent-types": "/agent-types",
            "agent-type": f"/agent-types/{sitting.hired.agent['agent_type_id']}",
            "hired-agents": "/hired-agents",
            "hired-agent": f"/hired-agents/{instance}?customer={customer_id}",
            "assist": f"/customers/{customer_id}/assist",
            "assisted-review": f"/deliverables/{order['deliverable_id']}?customer={customer_id}",
            "correlations": "/correlations",
            "correlation": f"/correlations/{execution['correlation_id']}",
            "denials": "/denials",
            "usage": "/usage",
            "traces": "/traces",
            "trace": f"/traces/{trace['trace_id']}",
            "dead-letters": "/dead-letters",
            "kill-switches": "/kill-switches",
            "audit": "/audit",
        },
    )


@pytest.mark.parametrize("name", CUSTOMER_PAGES)
async def test_customers_page_is_usable_by_everybody(furnished: Furnished, name: str) -> None:
    await _assert_usable(furnished.customer, furnished.customer_paths[name], shot=f"customer-{name}")


@pytest.mark.parametrize("name", OPERATOR_PAGES)
async def test_operators_page_is_usable_by_everybody(furnished: Furnished, name: str) -> None:
    await _assert_usable(furnished.operator, furnished.operator_paths[name], shot=f"ops-{name}")


async def _assert_usable(window: Window, path: str, *, shot: str) -> None:
    await window.go(path)
    await window.shoot(shot)
    assert await window.page.get_by_role("heading", level=1).count() == 1
    assert await window.wider_than_phone() == 0
    assert await window.violations() == []
    await window.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert await window.violations() == []
    assert window.trouble == []
