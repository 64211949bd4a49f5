"""The door: each gate's denials in one table, the order of the gates, and what cannot decide denies."""

import dataclasses
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from plant.enforcement.gates import (
    GATES,
    GatesTamperedError,
    check_gates,
    first_denial,
    issue_permit,
)
from plant.enforcement.hooks import HOOKS, Stage, run_hooks
from plant.enforcement.kill_switch import scopes_over
from plant.enforcement.model import Allow, Deny, Gate, GateInputs
from plant.permits import Permit
from shared.approvals.action import Action
from shared.approvals.mint import mint_approval
from shared.denials import DenialReason
from shared.ids import ExecutionId
from tests.unit.plant.enforcement.create import (
    NOW,
    create_claims,
    create_gate_inputs,
    create_held,
    create_standing,
    decide_on,
    keys,
)
from tests.unit.plant.risk.create import create_action, create_counters

OTHER = UUID(int=99)
_CANCEL = "cancel_order"
REASON = DenialReason


def with_approval(held: dict[str, Any] | None = None, **claims: Any) -> dict[str, Any]:
    """Inputs whose approval says, or is held, otherwise."""
    return {"approval": create_held(create_claims(create_action(), **claims), **(held or {}))}


def statement_under(kid: str) -> str:
    key = dataclasses.replace(keys()[0], kid=kid)
    return mint_approval(create_claims(create_action()), key=key)


def unlisted_action(**changes: Any) -> Action:
    """An action for a provider, or of a kind, that the wire model would not even parse."""
    return create_action().model_copy(update=changes)


DENIALS: dict[str, tuple[str, DenialReason, dict[str, Any]]] = {
    "platform switch": ("kill_switch", REASON.KILL_SWITCH, {"kill_switches": ("platform",)}),
    "hired agent's switch": (
        "kill_switch",
        REASON.KILL_SWITCH,
        {"kill_switches": (f"hired_agent:{OTHER}",)},
    ),
    "switches not read": ("kill_switch", REASON.GATE_UNAVAILABLE, {"kill_switches": None}),
    "secret in the request": (
        "refs_only",
        REASON.RAW_SECRET_REJECTED,
        {"submitted": {"inputs": [{"api_secret": "x"}]}},
    ),
    "no action": ("intent_declared", REASON.GATE_UNAVAILABLE, {"action": None}),
    "no intent": ("intent_declared", REASON.INTENT_REQUIRED, {"intent": None}),
    "another intent": ("intent_declared", REASON.INTENT_MISMATCH, {"intent": "close_position"}),
    "plan not read": ("trial_and_budget", REASON.GATE_UNAVAILABLE, {"standing": None}),
    "trial at its end": (
        "trial_and_budget",
        REASON.TRIAL_EXPIRED,
        {"standing": create_standing(trial_ends_at=NOW)},
    ),
    "tasks used up": (
        "trial_and_budget",
        REASON.TRIAL_LIMIT_REACHED,
        {"standing": create_standing(tasks_used=10)},
    ),
    "budget used up": (
        "trial_and_budget",
        REASON.BUDGET_EXCEEDED,
        {"standing": create_standing(cost_used=Decimal("0.991"))},
    ),
    "provider not listed": (
        "allow_list",
        REASON.PROVIDER_NOT_ALLOWED,
        {"action": unlisted_action(provider="alpaca")},
    ),
    "kind not listed": (
        "allow_list",
        REASON.TOOL_NOT_ALLOWED,
        {"action": unlisted_action(kind=_CANCEL), "intent": _CANCEL},
    ),
    "no approval named": ("approval", REASON.APPROVAL_REQUIRED, {"approval_id": None, "approval": None}),
    "approval not held": ("approval", REASON.APPROVAL_UNKNOWN, {"approval": None}),
    "edited statement": (
        "approval",
        REASON.APPROVAL_SIGNATURE_INVALID,
        with_approval({"statement": create_held(create_claims(create_action())).statement[:-4] + "AAAA"}),
    ),
    "untrusted key": (
        "approval",
        REASON.APPROVAL_ISSUER_UNTRUSTED,
        with_approval({"statement": statement_under("cp-approval-forged")}),
    ),
    "another customer's approval": (
        "approval",
        REASON.APPROVAL_WRONG_CUSTOMER,
        {"approval": create_held(create_claims(create_action(customer_id=OTHER)))},
    ),
    "another action's approval": (
        "approval",
        REASON.APPROVAL_ACTION_MISMATCH,
        {"approval": create_held(create_claims(create_action(size="11")))},
    ),
    "a row with another statement": (
        "approval",
        REASON.APPROVAL_ACTION_MISMATCH,
        with_approval(jti=OTHER),
    ),
    "another deliverable's approval": (
        "approval",
        REASON.APPROVAL_ACTION_MISMATCH,
        {**with_approval(deliverable_id=OTHER), "deliverable_id": UUID(int=8)},
    ),
    "used approval": (
        "approval",
        REASON.APPROVAL_ALREADY_USED,
        with_approval({"consumed_at": NOW}),
    ),
    "account changed since": (
        "approval",
        REASON.PRECONDITION_FAILED,
        {"account_since": NOW + timedelta(milliseconds=1)},
    ),
    "account changed before a late delivery": (
        "approval",
        REASON.PRECONDITION_FAILED,
        with_approval({"received_at": NOW + timedelta(minutes=1)})
        | {"account_since": NOW + timedelta(seconds=2)},
    ),
    "account unreadable": ("approval", REASON.GATE_UNAVAILABLE, {"account_since": None}),
    "revoked approval": ("approval", REASON.APPROVAL_REVOKED, with_approval({"revoked_at": NOW})),
    "approval at its end": (
        "approval",
        REASON.APPROVAL_EXPIRED,
        with_approval(exp=int(NOW.timestamp())),
    ),
    "expiry edited in the database": (
        "approval",
        REASON.APPROVAL_SIGNATURE_INVALID,
        with_approval({"expires_at": NOW + timedelta(days=1)}, iat=0, exp=int(NOW.timestamp()) - 1),
    ),
    "no risk decision": ("risk", REASON.GATE_UNAVAILABLE, {"risk": None}),
    "risk decision on another action": (
        "risk",
        REASON.GATE_UNAVAILABLE,
        {"risk": decide_on(create_action(size="11"))},
    ),
    "risk check fails": (
        "risk",
        REASON.RISK_DENIED,
        {"risk": decide_on(create_action(), counters=create_counters(orders_today=200))},
    ),
    "price has drifted": (
        "risk",
        REASON.PRECONDITION_FAILED,
        {
            "risk": decide_on(
                create_action(),
                preconditions={"price_shown": Decimal(60_000), "allowed_drift_bps": 100},
            )
        },
    ),
}


def test_genuine_request_passes_all_gates() -> None:
    assert first_denial(GATES, create_gate_inputs()) is None


@pytest.mark.parametrize("situation", DENIALS)
def test_gate_denies_with_its_reason(situation: str) -> None:
    stage, reason, changes = DENIALS[situation]

    found = first_denial(GATES, create_gate_inputs(**changes))

    assert found is not None
    assert (found[0], found[1].reason) == (stage, reason)


def test_every_gate_has_a_denial_in_the_table() -> None:
    assert {stage for stage, _, _ in DENIALS.values()} == {name for name, _ in GATES}


def test_first_gate_in_order_gives_the_reason() -> None:
    everything_wrong = create_gate_inputs(
        kill_switches=("platform",), intent=None, standing=None, approval_id=None, risk=None
    )

    found = first_denial(GATES, everything_wrong)

    assert found is not None
    assert found[1].reason is DenialReason.KILL_SWITCH


@pytest.mark.parametrize(
    "standing",
    [
        create_standing(tasks_used=9),
        create_standing(cost_used=Decimal("0.99")),
        create_standing(trial_ends_at=NOW + timedelta(microseconds=1)),
    ],
)
def test_plan_at_its_limit_is_allowed(standing: object) -> None:
    assert first_denial(GATES, create_gate_inputs(standing=standing)) is None


@pytest.mark.parametrize(
    "gates",
    [(), GATES[1:], GATES[:-1], (GATES[1], GATES[0], *GATES[2:]), (*GATES, GATES[0])],
)
def test_missing_or_reordered_gates_stop_the_start(gates: tuple[tuple[str, Gate], ...]) -> None:
    check_gates(GATES)

    with pytest.raises(GatesTamperedError):
        check_gates(gates)


def test_gate_that_crashes_denies() -> None:
    def crash(_inputs: GateInputs) -> Allow:
        raise KeyError("unforeseen")

    found = first_denial((("crashing", crash),), create_gate_inputs())

    assert found is not None
    assert (found[0], found[1].reason) == ("crashing", DenialReason.GATE_UNAVAILABLE)


@pytest.mark.parametrize("answer", [None, True, "allow", 1])
def test_gate_that_gives_no_verdict_denies(answer: Any) -> None:
    found = first_denial((("vague", lambda _inputs: answer),), create_gate_inputs())

    assert found is not None
    assert found[1].reason is DenialReason.GATE_UNAVAILABLE


def test_writing_stages_run_the_gates() -> None:
    assert HOOKS[Stage.BEFORE_TOOL_USE] is GATES
    assert HOOKS[Stage.BEFORE_PUBLISH] is GATES
    assert set(HOOKS) == set(Stage)


def test_stage_is_named_with_the_hook() -> None:
    found = run_hooks(Stage.BEFORE_TOOL_USE, create_gate_inputs(approval_id=None))

    assert found is not None
    assert found[0] == "before_tool_use.approval"


def test_permit_is_issued_for_the_very_action() -> None:
    action, execution_id = create_action(), ExecutionId(UUID(int=5))

    permit = issue_permit(action, execution_id=execution_id, kill_switches=())

    assert isinstance(permit, Permit)
    assert (permit.action_hash, permit.execution_id) == (action.action_hash(), execution_id)


@pytest.mark.parametrize(
    ("switches", "reason"),
    [(("platform",), DenialReason.KILL_SWITCH), (None, DenialReason.GATE_UNAVAILABLE)],
)
def test_no_permit_under_an_engaged_or_unread_switch(
    switches: tuple[str, ...] | None, reason: DenialReason
) -> None:
    denial = issue_permit(create_action(), execution_id=ExecutionId(OTHER), kill_switches=switches)

    assert isinstance(denial, Deny)
    assert denial.reason is reason


def test_four_switches_are_over_an_action() -> None:
    action = create_action(hired_instance_id=OTHER)

    assert scopes_over(action) == [
        "platform",
        "provider:delta_exchange_india",
        f"customer:{action.customer_id}",
        f"hired_agent:{OTHER}",
    ]
    assert len(scopes_over(create_action())) == 3
