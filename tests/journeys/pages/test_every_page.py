"""Every page, with something on it: no serious accessibility fault in either colours, all of it on a narrow phone.

With COUNTERSIGN_SHOTS=1 what they look like is written to web/shots, to be looked at.
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
from tests.goals import AHEAD, Json, hire_marketer
from tests.journeys.pages.people import Sitting, new_sitting
from tests.stack import Stack
from tests.trades import eventually

CUSTOMER_PATHS = {
    "my-agents": "/",
    "hire": "/hire",
    "review-queue": "/review",
    "executions": "/executions",
    "activity": "/activity",
    "connections": "/connections",
    "notifications": "/notifications",
    "usage": "/usage",
    "account": "/account",
    "no-such-page": "/nowhere",
}
OF_AN_AGENT = (
    "configure",
    "configure-new",
    "goals",
    "run",
    "review-order",
    "review-post",
    "review-report",
    "execution",
)
OPERATOR_PATHS = {
    "overview": "/",
    "reference-agents": "/reference-agents",
    "agent-types": "/agent-types",
    "hired-agents": "/hired-agents",
    "correlations": "/correlations",
    "denials": "/denials",
    "usage": "/usage",
    "traces": "/traces",
    "dead-letters": "/dead-letters",
    "kill-switches": "/kill-switches",
    "audit": "/audit",
}
OF_ONE = ("agent-type", "hired-agent", "assist", "assisted-review", "correlation", "trace")
_WEEK = {"weekdays": [0, 3], "time_of_day": "10:00", "themes": ["monsoon"], "hashtags": ["chai"]}


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
    order = await sitting.draft()
    execution = await _carry_out(sitting)
    post = await _draft_post(sitting)
    (report,) = await sitting.hired.delivered(
        await sitting.hired.run(
            await sitting.hired.set_goal("guardrail_report", frequency="daily", time_of_day=AHEAD)
        )
    )
    http, agent, instance = sitting.scene.http, sitting.hired.agent, sitting.hired.instance_id
    again = {"agent_type_id": agent["agent_type_id"], "plan": "trial"}
    unconfigured = (await http.post("/api/cp/subscriptions", json=again)).json()
    (trace, *_) = (await http.get("/api/v1/decision-traces")).json()["items"]
    customer_id = sitting.scene.customer_id
    await sitting.scene.operator.http.put(
        f"/api/pp/kill-switches/customer:{customer_id}",
        json={"engaged": True, "reason": "They telephoned: a key may have leaked"},
    )
    return Furnished(
        sitting.window,
        operator,
        dict(CUSTOMER_PATHS)
        | {
            "configure": f"/subscriptions/{agent['subscription_id']}/configure",
            "configure-new": f"/subscriptions/{unconfigured['subscription_id']}/configure",
            "goals": f"/agents/{instance}/goals",
            "run": f"/agents/{instance}/runs/{order['goal_run_id']}",
            "review-order": f"/deliverables/{order['deliverable_id']}",
            "review-post": f"/deliverables/{post['deliverable_id']}",
            "review-report": f"/deliverables/{report['deliverable_id']}",
            "execution": f"/executions/{execution['execution_id']}",
        },
        dict(OPERATOR_PATHS)
        | {
            "agent-type": f"/agent-types/{agent['agent_type_id']}",
            "hired-agent": f"/hired-agents/{instance}?customer={customer_id}",
            "assist": f"/customers/{customer_id}/assist",
            "assisted-review": f"/deliverables/{order['deliverable_id']}?customer={customer_id}",
            "correlation": f"/correlations/{order['correlation_id']}",
            "trace": f"/traces/{trace['trace_id']}",
        },
    )


async def _carry_out(sitting: Sitting) -> Json:
    """Approve and execute one draft, and try it again, which is denied."""
    http, drafted = sitting.scene.http, await sitting.draft()
    approval = await _approve(sitting, drafted)
    path, command = f"/api/v1/deliverables/{drafted['deliverable_id']}/execute", approval["approval_id"]
    await http.post(path, json={"approval_id": command})
    await eventually(lambda: sitting.state_of(drafted), lambda state: state == "executed")
    await http.post(path, json={"approval_id": command})
    (execution, *_) = (await http.get("/api/v1/executions")).json()["items"]
    return execution


async def _approve(sitting: Sitting, drafted: Json) -> Json:
    shown = {"deliverable_id": drafted["deliverable_id"], "action_hash": drafted["draft"]["action_hash"]}
    return (await sitting.scene.http.post("/api/cp/approvals", json=shown)).json()


async def _draft_post(sitting: Sitting) -> Json:
    """A week of posts, of which one is approved and waits for its time; return one that is not."""
    hired = await hire_marketer(sitting.scene, platforms=(Platform.MASTODON, Platform.BLUESKY))
    weekly: Json = {"frequency": "weekly", "time_of_day": "08:00", "weekday": 0, "settings": _WEEK}
    (post, approved, *_) = await hired.delivered(
        await hired.run(await hired.set_goal("weekly_multichannel_batch", **weekly))
    )
    await _approve(sitting, approved)
    return post


@pytest.mark.parametrize("name", [*CUSTOMER_PATHS, *OF_AN_AGENT])
async def test_customers_page_is_usable_by_everybody(furnished: Furnished, name: str) -> None:
    await _assert_usable(furnished.customer, furnished.customer_paths[name], shot=f"customer-{name}")


@pytest.mark.parametrize("name", [*OPERATOR_PATHS, *OF_ONE])
async def test_operators_page_is_usable_by_everybody(furnished: Furnished, name: str) -> None:
    await _assert_usable(furnished.operator, furnished.operator_paths[name], shot=f"ops-{name}")


async def _assert_usable(window: Window, path: str, *, shot: str) -> None:
    await window.go(path)
    await window.shoot(shot)
    assert await window.page.get_by_role("heading", level=1).count() == 1
    assert await window.faults_on_phone() == []
    for colors in ("light", "dark"):
        await window.use_colors(colors)
        assert await window.violations() == [], colors
    assert window.trouble == []
