"""Trial and budget: allow, deny, and at the limit."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from plant.metering.model import InstanceStanding, Standing, limit_reached
from shared.denials import DenialReason

NOW = datetime(2026, 11, 20, tzinfo=UTC)
FINE = Standing("trial", NOW + timedelta(days=1), 10, Decimal("1.00"), 0, Decimal(0))


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (FINE, None),
        (replace(FINE, trial_ends_at=None, task_limit=None, budget_limit=None, tasks_used=10**6), None),
        (replace(FINE, trial_ends_at=NOW), DenialReason.TRIAL_EXPIRED),
        (replace(FINE, trial_ends_at=NOW + timedelta(microseconds=1)), None),
        (replace(FINE, tasks_used=9), None),
        (replace(FINE, tasks_used=10), DenialReason.TRIAL_LIMIT_REACHED),
        (replace(FINE, cost_used=Decimal("0.99")), None),
        (replace(FINE, cost_used=Decimal("0.995")), DenialReason.BUDGET_EXCEEDED),
        (replace(FINE, task_limit=0), DenialReason.TRIAL_LIMIT_REACHED),
    ],
)
def test_standing_allows_or_names_the_limit(standing: Standing, expected: DenialReason | None) -> None:
    assert limit_reached(standing, now=NOW) is expected


AGENT = InstanceStanding("trial", 10, Decimal("1.00"), NOW + timedelta(days=1), None, 0, Decimal(0))


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (AGENT, None),
        (InstanceStanding("standard", None, None, None, None, 10**6, Decimal(10**6)), None),
        (replace(AGENT, trial_ends_at=NOW), DenialReason.TRIAL_EXPIRED),
        (replace(AGENT, trial_ends_at=NOW + timedelta(microseconds=1)), None),
        (replace(AGENT, ends_at=NOW), DenialReason.TRIAL_EXPIRED),
        (replace(AGENT, ends_at=NOW + timedelta(microseconds=1)), None),
        (replace(AGENT, tasks_used=9), None),
        (replace(AGENT, tasks_used=10), DenialReason.TRIAL_LIMIT_REACHED),
        (replace(AGENT, cost_used=Decimal("0.99")), None),
        (replace(AGENT, cost_used=Decimal("0.995")), DenialReason.BUDGET_EXCEEDED),
    ],
)
def test_hired_agents_own_plan_is_held_too(agent: InstanceStanding, expected: DenialReason | None) -> None:
    assert limit_reached(replace(FINE, instance=agent), now=NOW) is expected


def test_customers_plan_holds_whatever_the_hired_agents_says() -> None:
    assert (
        limit_reached(replace(FINE, tasks_used=10, instance=AGENT), now=NOW)
        is DenialReason.TRIAL_LIMIT_REACHED
    )
