"""Limits are set or waived by name, accounts tighten and never loosen, content names the policy."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from plant.risk.platform_limits import PLATFORM_LIMITS_V1
from plant.risk.policy import AccountLimits, PlatformLimits, RiskPolicy, policy_for_account, policy_hash
from tests.unit.plant.risk.create import Changes, create_policy

_PLATFORM = PLATFORM_LIMITS_V1["delta_exchange_india"]


def create_platform(**changes: Changes) -> PlatformLimits:
    return PlatformLimits.model_validate({**_PLATFORM.model_dump(), **changes})


def create_account_limits(**changes: Changes) -> AccountLimits:
    return AccountLimits.model_validate(
        {"allowed_coins": "waived", "max_units_per_order": "waived", "max_notional_inr": "waived", **changes}
    )


@pytest.mark.parametrize("field", sorted(RiskPolicy.model_fields))
def test_limit_that_is_neither_set_nor_waived_does_not_parse(field: str) -> None:
    record = create_policy().model_dump(mode="json")
    del record[field]

    with pytest.raises(ValidationError, match=field):
        RiskPolicy.model_validate(record)


@pytest.mark.parametrize("value", ["0", "-1", "NaN", "Infinity", "unlimited", "1E+60", None])
def test_limit_that_is_no_positive_number_does_not_parse(value: str | None) -> None:
    with pytest.raises(ValidationError):
        create_policy(max_notional_per_order=value)


_UPPER_LIMITS = [
    "max_units_per_order",
    "max_notional_inr",
    "max_notional_per_order",
    "price_collar_bps",
    "market_protection_bps",
    "max_position_contracts",
    "max_position_notional",
    "max_orders_per_second",
    "max_orders_per_minute",
    "max_orders_per_day",
    "max_daily_notional",
    "max_drift_bps",
]


@pytest.mark.parametrize("field", _UPPER_LIMITS)
@pytest.mark.parametrize(
    ("platform", "account", "expected"),
    [(7, 5, 5), (7, 9, 7), (7, 7, 7), (7, "waived", 7)],
    ids=["tighter", "looser", "equal", "waived"],
)
def test_account_limit_holds_only_where_it_is_tighter(
    field: str, platform: int, account: int | str, expected: int
) -> None:
    policy = policy_for_account(
        create_platform(**{field: platform}), account=create_account_limits(**{field: account})
    )

    assert policy.model_dump()[field] == expected


def test_every_account_limit_is_covered_by_the_table_or_the_lists() -> None:
    assert set(AccountLimits.model_fields) == {
        *_UPPER_LIMITS,
        "allowed_coins",
        "allowed_symbols",
        "trading_hours",
    }


_MORNING = {"start": "06:00", "end": "12:00", "timezone": "UTC"}
_OFFICE = {"start": "09:00", "end": "17:00", "timezone": "Asia/Kolkata"}


@pytest.mark.parametrize(
    ("platform", "account", "expected"),
    [
        ((_MORNING,), (_OFFICE,), (_MORNING, _OFFICE)),
        ("waived", (_OFFICE,), (_OFFICE,)),
        ((_MORNING,), "waived", (_MORNING,)),
        ("waived", "waived", "waived"),
    ],
)
def test_hours_of_both_hold(platform: object, account: object, expected: object) -> None:
    policy = policy_for_account(
        create_platform(trading_hours=platform), account=create_account_limits(trading_hours=account)
    )

    assert policy.model_dump()["trading_hours"] == expected


@pytest.mark.parametrize("field", ["max_units_per_order", "max_orders_per_day"])
def test_account_limit_holds_where_the_platform_waives(field: str) -> None:
    policy = policy_for_account(
        create_platform(**{field: "waived"}), account=create_account_limits(**{field: 3})
    )

    assert policy.model_dump()[field] == 3


@pytest.mark.parametrize("field", ["allowed_coins", "allowed_symbols"])
@pytest.mark.parametrize(
    ("platform", "account", "expected"),
    [
        (("BTC", "ETH"), ("ETH", "SOL"), ("ETH",)),
        (("BTC",), ("ETH",), ()),
        ("waived", ("ETH", "BTC"), ("BTC", "ETH")),
        (("ETH", "BTC"), "waived", ("BTC", "ETH")),
        ("waived", "waived", "waived"),
    ],
)
def test_lists_keep_what_both_allow(field: str, platform: object, account: object, expected: object) -> None:
    policy = policy_for_account(
        create_platform(**{field: platform}), account=create_account_limits(**{field: account})
    )

    assert policy.model_dump()[field] == expected


@pytest.mark.parametrize(
    ("platform", "account"),
    [("no_market_orders", 50), (50, "no_market_orders"), ("no_market_orders", "waived")],
)
def test_market_orders_stay_off_when_either_turns_them_off(platform: object, account: object) -> None:
    policy = policy_for_account(
        create_platform(market_protection_bps=platform),
        account=create_account_limits(market_protection_bps=account),
    )

    assert policy.market_protection_bps == "no_market_orders"


def test_policy_survives_json_and_keeps_its_hash() -> None:
    policy = create_policy()

    again = RiskPolicy.model_validate_json(policy.model_dump_json())

    assert again == policy
    assert policy_hash(again) == policy_hash(policy)


def test_hash_ignores_how_a_decimal_is_written() -> None:
    assert policy_hash(create_policy(max_notional_per_order=Decimal("5.0"))) == policy_hash(
        create_policy(max_notional_per_order=Decimal("5.00"))
    )


@pytest.mark.parametrize("field", _UPPER_LIMITS)
def test_hash_changes_with_any_limit(field: str) -> None:
    assert policy_hash(create_policy(**{field: 3})) != policy_hash(create_policy(**{field: 4}))


def test_platform_limits_of_the_first_version() -> None:
    assert (
        _PLATFORM.max_orders_per_second,
        _PLATFORM.max_orders_per_minute,
        _PLATFORM.max_orders_per_day,
    ) == (
        10,
        120,
        2_000,
    )
    assert _PLATFORM.max_daily_notional == Decimal(5_000_000)
    assert (_PLATFORM.price_collar_bps, _PLATFORM.max_drift_bps) == (500, 100)
    assert (_PLATFORM.max_quote_age_ms, _PLATFORM.max_snapshot_age_ms) == (10_000, 10_000)
    assert (_PLATFORM.duplicate_window_s, _PLATFORM.usd_inr.rate) == (10, Decimal(85))
