"""The story, step by step: draft, refused without approval, approved, executed once, replayed, tampering refused."""

import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from uuid import UUID

from cli.demo.portal import Answer, Portal, orders_at_exchange
from cli.stack.errors import StackError
from shared.contracts.approvals import Approval
from shared.contracts.trading import DraftRunResponse, ExecuteResponse, Execution, ExecutionState

FILL_PATIENCE_S = 20.0
_LOT = Decimal("0.001")
_REFUSED_TAMPERING = ("approval_action_mismatch", "approval_already_used")

Say = Callable[[str], None]
Step = Callable[[str], AbstractContextManager[Say]]


class StoryError(StackError):
    """A step did not go as the story says."""


def tell_story(portal: Portal, *, sandbox_url: str, step: Step) -> None:
    """Raises: StoryError, UnexpectedAnswerError at the first step that goes otherwise.

    Units: the order is for a random number of lots, so that playing it again is another action.
    """
    orders_before = len(orders_at_exchange(sandbox_url))
    units = _LOT * random.randint(10, 500)  # noqa: S311  variety, not secrecy
    with step("Connect the exchange") as say:
        account = portal.connect_exchange()
        say(f"the key stays in the vault; everybody else sees {account}")
    draft = _draft(portal, account=account, units=units, step=step)
    with step("Execute it without approval") as say:
        say(_refused(portal.execute(draft, approval_id=None), "approval_required"))
    approval = _approve(portal, draft, step=step)
    execution = _execute(portal, draft, approval, step=step)
    with step("Execute it once more") as say:
        again = portal.expect(ExecuteResponse, portal.execute(draft, approval_id=approval.approval_id))
        found = f"replayed: {again.replayed}, {again.execution.execution_id}"
        _check(again.replayed and _is_same(again.execution, execution), "the same execution, replayed", found)
        say("the first execution comes back, nothing is sent")
    with step("Change the size, same approval") as say:
        more = str(units + _LOT)
        answer = portal.run(account=account, units=more, approval_id=approval.approval_id)
        say(_refused(answer, *_REFUSED_TAMPERING))
    with step("Count the orders at the exchange") as say:
        say(_exactly_one(sandbox_url, execution, orders_before=orders_before))


def _draft(portal: Portal, *, account: str, units: Decimal, step: Step) -> DraftRunResponse:
    with step("Let the agent draft an order") as say:
        draft = portal.draft(account=account, units=str(units))
        plan, risk = draft.draft.plan, draft.draft.risk
        summary = plan.summary if plan else f"buy {units} BTC"
        say(f"{summary}; risk: {risk.verdict if risk else 'not checked'}; {draft.draft.action_hash[:19]}…")
        return draft


def _approve(portal: Portal, draft: DraftRunResponse, *, step: Step) -> Approval:
    with step("Approve it, as the customer") as say:
        approval = portal.approve(draft)
        say(f"signed for exactly this action, valid until {approval.expires_at:%H:%M:%S} UTC")
        return approval


def _execute(portal: Portal, draft: DraftRunResponse, approval: Approval, *, step: Step) -> Execution:
    with step("Execute it with the approval") as say:
        answer = portal.execute(draft, approval_id=approval.approval_id)
        started = portal.expect(
            ExecuteResponse, answer, status=answer.status if answer.status == 202 else 200
        )
        execution = _wait_until_filled(portal, started.execution.execution_id)
        say(
            f"filled: {execution.filled_size} contracts at {execution.average_price}, fees {execution.fees} "
            f"(order {execution.client_order_id})"
        )
        return execution


def _wait_until_filled(portal: Portal, execution_id: UUID) -> Execution:
    deadline = time.monotonic() + FILL_PATIENCE_S
    execution = portal.execution(execution_id)
    while execution.state is not ExecutionState.FILLED and time.monotonic() < deadline:
        time.sleep(0.1)
        execution = portal.execution(execution_id)
    _check(execution.state is ExecutionState.FILLED, "a filled order", f"the state {execution.state!r}")
    return execution


def _refused(answer: Answer, *reasons: str) -> str:
    found = f"{answer.status} {answer.reason}"
    _check(answer.status == 403 and answer.reason in reasons, f"403 {' or '.join(reasons)}", found)
    return f"refused: {answer.reason}"


def _is_same(one: Execution, other: Execution) -> bool:
    return one.execution_id == other.execution_id


def _exactly_one(sandbox_url: str, execution: Execution, *, orders_before: int) -> str:
    orders = orders_at_exchange(sandbox_url)
    ours = [order for order in orders if order["client_order_id"] == execution.client_order_id]
    new = len(orders) - orders_before
    _check((len(ours), new) == (1, 1), "exactly one new order", f"{new} new, {len(ours)} of them ours")
    return "exactly one new order"


def _check(is_so: bool, expected: str, found: str) -> None:  # noqa: FBT001  reads as an assertion
    if not is_so:
        raise StoryError(f"expected {expected}, found {found}")
