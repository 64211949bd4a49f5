"""The trial-and-budget gate with a hired agent: its own plan is held, and one that cannot be read denies."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from plant.enforcement.model import ALLOW, Deny, Verdict
from plant.enforcement.trial_and_budget import trial_and_budget
from plant.metering.model import InstanceStanding
from shared.denials import DenialReason
from tests.unit.plant.enforcement.create import NOW, create_gate_inputs, create_standing
from tests.unit.plant.risk.create import create_action

FINE = InstanceStanding("trial", 5, Decimal(1), NOW + timedelta(days=1), None, 0, Decimal(0))
SPENT = InstanceStanding("trial", 5, Decimal(1), None, None, 5, Decimal("0.05"))


def decide(instance: InstanceStanding | None, *, is_hired: bool = True) -> Verdict:
    action = create_action(hired_instance_id=uuid4() if is_hired else None)
    return trial_and_budget(create_gate_inputs(action=action, standing=create_standing(instance=instance)))


@pytest.mark.parametrize(
    ("instance", "expected"),
    [
        (FINE, None),
        (SPENT, DenialReason.TRIAL_LIMIT_REACHED),
        (None, DenialReason.GATE_UNAVAILABLE),
    ],
)
def test_action_of_a_hired_agent_needs_room_in_its_plan(
    instance: InstanceStanding | None, expected: DenialReason | None
) -> None:
    verdict = decide(instance)

    assert (verdict.reason if isinstance(verdict, Deny) else None) is expected


def test_action_of_no_hired_agent_asks_for_none() -> None:
    assert decide(None, is_hired=False) == ALLOW


def test_denial_shows_what_both_have_used() -> None:
    verdict = decide(SPENT)

    assert isinstance(verdict, Deny)
    assert "'standard': 3 tasks" in verdict.detail
    assert "the hired agent's 'trial': 5 tasks, 0.05 USD" in verdict.detail
