"""Builds inputs for the risk gate that pass at release, of which a test changes what it is about."""

from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from plant.brokers.model import AccountSnapshot, Instrument, OpenOrder, Position, Quote
from plant.exchange_accounts.trading_hours import TradingHours
from plant.risk.check import CheckStatus
from plant.risk.decision import CheckResult, RiskDecision
from plant.risk.gate import decide
from plant.risk.model import Counters, InFlightOrder, Preconditions, RiskInputs
from plant.risk.platform_limits import PLATFORM_LIMITS_V1
from plant.risk.policy import AccountLimits, RiskPolicy, policy_for_account
from shared.approvals.action import Action

NOW_MS = 1_800_000_000_000
BITCOIN = "BTCUSD"

# A changed field may be given in any form that the model parses.
Changes = Any


def create_action(**changes: Changes) -> Action:
    params = {
        "product_symbol": BITCOIN,
        "side": "buy",
        "size": "10",
        "order_type": "limit_order",
        "limit_price": "65000.5",
        "reduce_only": False,
        "time_in_force": "gtc",
    }
    outer = {
        "kind": "place_order",
        "provider": "delta_exchange_india",
        "credential_ref": UUID(int=1),
        "customer_id": UUID(int=2),
    }
    return Action.model_validate(
        {
            **outer,
            **{key: value for key, value in changes.items() if key not in params},
            "params": {**params, **{key: value for key, value in changes.items() if key in params}},
        }
    )


def create_market_action(**changes: Changes) -> Action:
    return create_action(**{"order_type": "market_order", "limit_price": None, **changes})


def create_exit(**changes: Changes) -> Action:
    return create_action(**{"kind": "close_position", "side": "sell", "reduce_only": True, **changes})


def create_policy(**changes: Changes) -> RiskPolicy:
    """Every limit is set, so that a test of one limit starts from a value and not from a waiver."""
    account = AccountLimits(
        allowed_coins=("BTC", "ETH"),
        allowed_symbols=("BTCUSD", "ETHUSD"),
        max_units_per_order=Decimal("0.05"),
        max_notional_inr=Decimal(500_000),
        max_position_contracts=Decimal(1_000),
        max_orders_per_second=5,
        max_orders_per_minute=30,
        max_orders_per_day=200,
        trading_hours=(TradingHours(start="22:00", end="21:59", timezone="Asia/Kolkata"),),
    )
    policy = policy_for_account(PLATFORM_LIMITS_V1["delta_exchange_india"], account=account)
    return RiskPolicy.model_validate({**policy.model_dump(), "min_notional": Decimal(10), **changes})


def create_instrument(**changes: Changes) -> Instrument:
    return Instrument.model_validate(
        {
            "symbol": BITCOIN,
            "contract_value": "0.001",
            "contract_unit": "BTC",
            "tick_size": "0.5",
            "min_size": "1",
            "size_step": "1",
            "max_size": "229167",
            "min_notional": "5",
            "state": "live",
            "quote_currency": "USD",
            "order_types": ("limit_order", "market_order"),
            "times_in_force": ("gtc", "ioc"),
            **changes,
        }
    )


def create_quote(**changes: Changes) -> Quote:
    return Quote.model_validate(
        {
            "symbol": BITCOIN,
            "mark_price": "65000",
            "best_bid": "64999.5",
            "best_ask": "65000.5",
            "price_band_lower": "63375",
            "price_band_upper": "66625",
            "as_of_ms": NOW_MS - 1_000,
            **changes,
        }
    )


def create_position(size: str, *, symbol: str = BITCOIN) -> Position:
    return Position(symbol=symbol, size=Decimal(size), entry_price=Decimal(60_000))


def create_open_order(size: str, **changes: Changes) -> OpenOrder:
    return OpenOrder.model_validate(
        {
            "symbol": BITCOIN,
            "side": "buy",
            "unfilled_size": size,
            "reduce_only": False,
            "client_order_id": None,
            **changes,
        }
    )


def create_in_flight(size: str, **changes: Changes) -> InFlightOrder:
    return InFlightOrder.model_validate(
        {"symbol": BITCOIN, "side": "buy", "size": size, "reduce_only": False, **changes}
    )


def create_account(**changes: Changes) -> AccountSnapshot:
    return AccountSnapshot.model_validate(
        {
            "as_of_ms": NOW_MS - 2_000,
            "balances": {"USD": "1000"},
            "positions": (),
            "open_orders": (),
            **changes,
        }
    )


def create_counters(**changes: Changes) -> Counters:
    return Counters.model_validate(
        {
            "orders_last_second": 0,
            "orders_last_minute": 0,
            "orders_today": 0,
            "notional_today": "0",
            "same_intent_recent": 0,
            "unknown_outcome_same_side": 0,
            "in_flight": (),
            **changes,
        }
    )


def create_inputs(**changes: Changes) -> RiskInputs:
    return RiskInputs.model_validate(
        {
            "action": create_action(),
            "policy": create_policy(),
            "instrument": create_instrument(),
            "quote": create_quote(),
            "account": create_account(),
            "counters": create_counters(),
            "preconditions": Preconditions(price_shown=Decimal(65_000), allowed_drift_bps=100),
            "kill_switch_engaged": False,
            "now_ms": NOW_MS,
            "stage": "release",
            "engine_ready": True,
            **changes,
        }
    )


def create_exit_inputs(**changes: Changes) -> RiskInputs:
    return create_inputs(
        **{
            "action": create_exit(),
            "account": create_account(positions=(create_position("10"),)),
            **changes,
        }
    )


def result_of(name: str, decision: RiskDecision) -> CheckResult:
    return next(result for result in decision.checks if result.check == name)


def run_check(name: str, inputs: RiskInputs) -> CheckResult:
    return result_of(name, decide(inputs))


class Row(NamedTuple):
    """One line of a check's table: in this situation, this check finds this."""

    situation: str
    check: str
    status: CheckStatus
    inputs: RiskInputs


def row_id(row: Row) -> str:
    return f"{row.check}: {row.situation}"
