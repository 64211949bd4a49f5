"""When a period ends, and what a subscription is called at a moment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cp_backend.subscriptions.model import Subscription, SubscriptionId, add_months
from shared.contracts.hired_agents import SubscriptionStatus
from shared.ids import CustomerId

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OPEN = Subscription(
    subscription_id=SubscriptionId(uuid4()),
    customer_id=CustomerId(uuid4()),
    agent_type_id="office.reminder.v1",
    plan="standard",
    task_limit=None,
    budget_limit=None,
    started_at=NOW - DAY,
    trial_ends_at=None,
    cancelled_at=None,
    ends_at=None,
    retained_until=None,
    version=1,
)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (datetime(2026, 1, 31, tzinfo=UTC), 1, datetime(2026, 2, 28, tzinfo=UTC)),
        (datetime(2028, 1, 31, tzinfo=UTC), 1, datetime(2028, 2, 29, tzinfo=UTC)),
        (datetime(2026, 1, 31, tzinfo=UTC), 2, datetime(2026, 3, 31, tzinfo=UTC)),
        (datetime(2026, 12, 15, tzinfo=UTC), 1, datetime(2027, 1, 15, tzinfo=UTC)),
        (datetime(2026, 3, 30, tzinfo=UTC), 11, datetime(2027, 2, 28, tzinfo=UTC)),
    ],
)
def test_month_later_is_the_same_day_or_the_last(start: datetime, months: int, expected: datetime) -> None:
    assert add_months(start, months) == expected


@given(
    started=st.timedeltas(timedelta(0), timedelta(days=3_650)).map(
        lambda span: datetime(2020, 1, 1, tzinfo=UTC) + span
    ),
    later=st.timedeltas(timedelta(0), timedelta(days=2_000)),
)
def test_period_ends_within_the_next_month(started: datetime, later: timedelta) -> None:
    now = started + later

    end = replace(OPEN, started_at=started).period_end(now)

    assert now < end <= now + timedelta(days=32)


@pytest.mark.parametrize(("trial_ends_at", "expected"), [(NOW + DAY, NOW + DAY), (NOW - DAY, NOW)])
def test_trial_ends_with_its_days_or_at_once(trial_ends_at: datetime, expected: datetime) -> None:
    assert replace(OPEN, trial_ends_at=trial_ends_at).period_end(NOW) == expected


@pytest.mark.parametrize(
    ("subscription", "status", "gone"),
    [
        (OPEN, SubscriptionStatus.ACTIVE, False),
        (replace(OPEN, trial_ends_at=NOW + DAY), SubscriptionStatus.TRIAL, False),
        (replace(OPEN, trial_ends_at=NOW), SubscriptionStatus.TRIAL_EXPIRED, False),
        (replace(OPEN, ends_at=NOW + DAY, retained_until=NOW + 2 * DAY), SubscriptionStatus.ENDING, False),
        (replace(OPEN, ends_at=NOW, retained_until=NOW + DAY), SubscriptionStatus.ENDED, False),
        (replace(OPEN, ends_at=NOW - DAY, retained_until=NOW), SubscriptionStatus.ENDED, True),
    ],
)
def test_subscription_is_called_what_it_is(
    subscription: Subscription, status: SubscriptionStatus, *, gone: bool
) -> None:
    assert (subscription.status(NOW), subscription.is_gone(NOW)) == (status, gone)
