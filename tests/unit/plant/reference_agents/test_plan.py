"""From a request to the exact action: pure, on the step, and refused with the nearest values otherwise."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from plant.brokers.model import Instrument
from plant.exchange_accounts.model import Account
from plant.reference_agents.plan import build_action
from shared.contracts.trading import RunRequest
from shared.errors import PlatformError
from shared.ids import CredentialRef, CustomerId
from shared.keys import Issuer

NOW = datetime(2026, 11, 20, tzinfo=UTC)
ACCOUNT = Account(
    CredentialRef(UUID(int=1)),
    CustomerId(UUID(int=2)),
    "delta_exchange_india",
    Issuer.CP,
    "BTC",
    ("BTC",),
    Decimal(1),
    None,
    1,
    NOW,
)
BITCOIN = Instrument(
    symbol="BTCUSD",
    contract_value=Decimal("0.001"),
    contract_unit="BTC",
    tick_size=Decimal("0.5"),
    min_size=Decimal(1),
    size_step=Decimal(1),
    max_size=Decimal(1000),
    min_notional="none",
    state="live",
    quote_currency="USD",
    order_types=("limit_order", "market_order"),
    times_in_force=("gtc", "ioc"),
)


def create_request(**changes: Any) -> RunRequest:
    plain = {
        "exchange_account_id": UUID(int=1),
        "coin": "BTC",
        "units": "0.01",
        "side": "long",
        "action": "enter",
    }
    price = {} if "market" in changes else {"limit_price": "65000.5"}
    return RunRequest.model_validate({**plain, **price, **changes})


@pytest.mark.parametrize(
    ("side", "action", "kind", "order_side", "reduce_only"),
    [
        ("long", "enter", "place_order", "buy", False),
        ("short", "enter", "place_order", "sell", False),
        ("long", "exit", "close_position", "sell", True),
        ("short", "exit", "close_position", "buy", True),
    ],
)
def test_side_and_action_give_the_order(
    side: str, action: str, kind: str, order_side: str, reduce_only: bool
) -> None:
    built = build_action(create_request(side=side, action=action), account=ACCOUNT, instrument=BITCOIN)

    assert (built.kind, built.order.side, built.order.reduce_only) == (kind, order_side, reduce_only)


def test_the_same_request_gives_the_same_hash_however_it_is_written() -> None:
    plain = build_action(create_request(), account=ACCOUNT, instrument=BITCOIN)
    padded = build_action(
        create_request(units="0.0100", limit_price="65000.50"), account=ACCOUNT, instrument=BITCOIN
    )

    assert plain.action_hash() == padded.action_hash()
    assert (plain.order.size, plain.order.limit_price) == ("10", "65000.5")


@pytest.mark.parametrize(
    "changes", [{"units": "0.011"}, {"limit_price": "65001"}, {"side": "short"}, {"market": True}]
)
def test_another_request_gives_another_hash(changes: dict[str, Any]) -> None:
    first = build_action(create_request(), account=ACCOUNT, instrument=BITCOIN)
    second = build_action(create_request(**changes), account=ACCOUNT, instrument=BITCOIN)

    assert first.action_hash() != second.action_hash()


def test_another_account_gives_another_hash() -> None:
    other = replace(ACCOUNT, credential_ref=CredentialRef(UUID(int=9)))

    first = build_action(create_request(), account=ACCOUNT, instrument=BITCOIN)

    assert (
        first.action_hash() != build_action(create_request(), account=other, instrument=BITCOIN).action_hash()
    )


@pytest.mark.parametrize(
    ("changes", "field", "nearest"),
    [
        ({"units": "0.0105"}, "units", ("0.01", "0.011")),
        ({"units": "0.0001"}, "units", ("0.001",)),
        ({"limit_price": "65000.3"}, "limit_price", ("65000", "65000.5")),
    ],
)
def test_value_off_the_step_is_refused_with_the_nearest(
    changes: dict[str, Any], field: str, nearest: tuple[str, ...]
) -> None:
    with pytest.raises(PlatformError) as caught:
        build_action(create_request(**changes), account=ACCOUNT, instrument=BITCOIN)

    assert caught.value.status == 422
    assert [error.field for error in caught.value.errors] == [field]
    assert all(value in caught.value.errors[0].message for value in nearest)
