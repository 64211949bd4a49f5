"""Something to see from the start: the first demo customer has a trading agent at work, and a draft of it waits.

Done over the customer portal's own API and safe to repeat. It never keeps the stack from running.
"""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from cli.demo.portal import Portal, signed_in
from cli.stack.errors import StackError
from cli.stack.services import address
from cli.stack.settings import Ports
from shared.contracts.agent_types import Frequency
from shared.contracts.goals import Goal, GoalList, GoalRun, RunState
from shared.contracts.hired_agents import (
    HiredAgent,
    InstanceState,
    Subscription,
    SubscriptionList,
    SubscriptionStatus,
)
from shared.contracts.trading import DeliverableList, DeliverableState
from shared.demo import CUSTOMER_EMAILS, PASSWORD

CUSTOMER = CUSTOMER_EMAILS[0]
PATIENCE_S = 3.0
AGENT_TYPE = "trading.delta_futures.v1"
NICKNAME = "Futures desk"
TEMPLATE = "trade_intent_draft"
_RUN_PATIENCE_S = 1.5
_LOOK_EVERY_S = 0.05
_LIVE = (SubscriptionStatus.TRIAL, SubscriptionStatus.ACTIVE, SubscriptionStatus.ENDING)


def welcome(ports: Ports, *, report: Callable[[str], None]) -> None:
    """Report in one line what there is to see, or what did not work. Takes `PATIENCE_S` at most."""
    told: list[str] = []
    work = threading.Thread(target=lambda: told.append(_prepared(address(ports.cp))), daemon=True)
    work.start()
    work.join(PATIENCE_S)
    report(told[0] if told else f"an agent is still being hired for {CUSTOMER}")


def prepare(portal: Portal) -> None:
    """Raises: StackError that says what did not work."""
    agent = _agent_at_work(portal, account=portal.connect_exchange())
    path = f"/api/v1/hired-agents/{agent.hired_instance_id}"
    if agent.state is InstanceState.PAUSED or _draft_waits(portal, path):
        return
    goal = _on_demand_goal(portal, path)
    run = portal.expect(GoalRun, portal.post(f"{path}/goals/{goal.goal_id}/run", {}))
    _wait_until_done(portal, f"{path}/runs/{run.run_id}")


def _prepared(cp_url: str) -> str:
    password = PASSWORD.get_secret_value()
    try:
        with signed_in(cp_url, email=CUSTOMER, password=password, timeout_s=PATIENCE_S) as portal:
            prepare(portal)
    except StackError as error:
        return f"no draft waits for {CUSTOMER}: {error}"
    return f"{CUSTOMER} has a trading agent; what it drafted waits for review"


def _agent_at_work(portal: Portal, *, account: str) -> HiredAgent:
    agent = _hired_agent(portal, _subscription(portal), account=account)
    if agent.state is not InstanceState.DRAFT:
        return agent
    finalize = f"/api/v1/hired-agents/{agent.hired_instance_id}/finalize"
    return portal.expect(HiredAgent, portal.post(finalize, {"version": agent.version}))


def _subscription(portal: Portal) -> UUID:
    found = portal.expect(SubscriptionList, portal.get("/api/cp/subscriptions"))
    for one in found.items:
        if one.agent_type_id == AGENT_TYPE and one.status in _LIVE:
            return one.subscription_id
    wish = {"agent_type_id": AGENT_TYPE, "plan": "trial"}
    hired = portal.expect(Subscription, portal.post("/api/cp/subscriptions", wish), status=201)
    return hired.subscription_id


def _hired_agent(portal: Portal, subscription_id: UUID, *, account: str) -> HiredAgent:
    found = portal.get(f"/api/v1/hired-agents/by-subscription/{subscription_id}")
    if found.status != 404:
        return portal.expect(HiredAgent, found)
    wish = {"subscription_id": str(subscription_id), "config": _config(account)}
    return portal.expect(HiredAgent, portal.put("/api/v1/hired-agents/draft", wish))


def _config(account: str) -> dict[str, Any]:
    return {
        "nickname": NICKNAME,
        "timezone": "Asia/Kolkata",
        "exchange_credential_ref": account,
        "allowed_coins": ["BTC", "ETH"],
        "default_coin": "BTC",
        "max_units_per_order": "0.5",
    }


def _draft_waits(portal: Portal, path: str) -> bool:
    query = f"state={DeliverableState.PENDING_REVIEW}&limit=1"
    return bool(portal.expect(DeliverableList, portal.get(f"{path}/deliverables?{query}")).items)


def _on_demand_goal(portal: Portal, path: str) -> Goal:
    """The customer's own goal if there is one; it may have been changed since."""
    for goal in portal.expect(GoalList, portal.get(f"{path}/goals")).items:
        if goal.template_id == TEMPLATE and goal.frequency is Frequency.ON_DEMAND:
            return goal
    settings = {"coin": "BTC", "units": "0.005", "side": "long", "action": "enter", "order_type": "market"}
    wish = {"template_id": TEMPLATE, "frequency": Frequency.ON_DEMAND, "settings": settings}
    return portal.expect(Goal, portal.put(f"{path}/goals", wish))


def _wait_until_done(portal: Portal, path: str) -> None:
    for run in _looks(portal, path):
        if run.state is RunState.DONE:
            return
        if run.state is not RunState.QUEUED:
            raise StackError(f"its run ended as {run.state}: {run.error}")
    raise StackError("its first run is not done yet; a draft will wait soon")


def _looks(portal: Portal, path: str) -> Iterator[GoalRun]:
    deadline = time.monotonic() + _RUN_PATIENCE_S
    while time.monotonic() < deadline:
        yield portal.expect(GoalRun, portal.get(path))
        time.sleep(_LOOK_EVERY_S)
