"""How long a subscription lives: before, at and after its end and its retention."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from plant.subscriptions.model import Life, Subscription, SubscriptionId
from shared.ids import CustomerId

NOW = datetime(2026, 11, 20, tzinfo=UTC)
INSTANT, DAY = timedelta(microseconds=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("ends_at", "retained_until", "expected"),
    [
        (None, None, Life.LIVE),
        (NOW + INSTANT, NOW + DAY, Life.LIVE),
        (NOW, NOW + DAY, Life.READ_ONLY),
        (NOW - DAY, NOW + INSTANT, Life.READ_ONLY),
        (NOW - DAY, None, Life.READ_ONLY),
        (NOW - DAY, NOW, Life.GONE),
    ],
)
def test_subscription_lives_then_can_be_read_then_is_gone(
    ends_at: datetime | None, retained_until: datetime | None, expected: Life
) -> None:
    subscription = Subscription(
        SubscriptionId(uuid4()), CustomerId(uuid4()), "t", "p", None, None, None, ends_at, retained_until
    )

    assert subscription.life(NOW) is expected
