"""The limits of a hired agent's configuration: the tighter one holds, and one that cannot be read allows nothing."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from plant.exchange_accounts.model import Account
from plant.exchange_accounts.trading_hours import NEVER, TradingHours
from plant.hired_agents.limits import tightened
from shared.ids import CredentialRef, CustomerId
from shared.keys import Issuer
from tests.unit.plant.hired_agents.create import create_instance

DESK = TradingHours(start="06:00", end="20:00", timezone="UTC")
ACCOUNT = Account(
    credential_ref=CredentialRef(UUID(int=1)),
    customer_id=CustomerId(UUID(int=2)),
    provider="delta_exchange_india",
    vault=Issuer.CP,
    default_coin="BTC",
    allowed_coins=("BTC", "ETH"),
    max_units_per_order=Decimal(1),
    max_notional_inr=None,
    version=1,
    since=datetime(2026, 11, 20, tzinfo=UTC),
    trading_hours=(DESK,),
)


@pytest.mark.parametrize(
    ("config", "start", "end"),
    [
        ({"from": "09:15", "until": "23:30"}, "09:15", "23:30"),
        ({"from": "09:15"}, "09:15", "00:00"),
        ({"until": "12:00", "from": ""}, "00:00", "12:00"),
    ],
)
def test_hours_of_the_configuration_are_added_in_its_time_zone(
    config: dict[str, Any], start: str, end: str
) -> None:
    account = tightened(ACCOUNT, create_instance(**config))

    assert account.trading_hours == (DESK, TradingHours(start=start, end=end, timezone="Asia/Kolkata"))


def test_without_hours_those_of_the_account_hold() -> None:
    assert tightened(ACCOUNT, create_instance()).trading_hours == (DESK,)


@pytest.mark.parametrize(
    "config",
    [
        {"from": "9:15"},
        {"from": 9},
        {"until": "25:00"},
        {"zone": "Mars", "from": "09:00"},
        {"zone": "Asia", "from": "09:00"},
    ],
)
def test_hours_that_cannot_be_read_allow_nothing(config: dict[str, Any]) -> None:
    assert tightened(ACCOUNT, create_instance(**config)).trading_hours == (DESK, NEVER)
