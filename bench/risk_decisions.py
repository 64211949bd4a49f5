"""B1: risk decisions per second with the complete decision record, beside nautilus_trader's risk engine."""

import hashlib
import time
from collections.abc import Callable, Sequence
from decimal import Decimal

from bench.made_ids import made_id
from bench.measure import Figure, Plan, compare, measure_rounds
from bench.peer_process import run_peer
from plant.brokers.model import AccountSnapshot, Instrument, Quote
from plant.risk.decision import RiskDecision, Verdict, decision_json
from plant.risk.gate import decide
from plant.risk.model import Counters, Preconditions, RiskInputs
from plant.risk.platform_limits import PLATFORM_LIMITS_V1
from plant.risk.policy import AccountLimits, RiskPolicy, policy_for_account
from shared.approvals.action import Action, ActionKind, OrderParams

_ORDERS = 20_000
_PROVIDER = "delta_exchange_india"
_SYMBOL = "AUDUSD"
_CAP = Decimal(2_000_000)
_PASSES = 100_000
_EXCEEDS = 4_000_000
_NOW_MS = 1_800_000_000_000
_AIM = ">= 0.7"


async def run(plan: Plan) -> list[Figure]:
    orders = plan.count(_ORDERS, least=1_000)
    sets = {"pass": _inputs(orders, quantity=_PASSES), "deny": _inputs(orders, quantity=_EXCEEDS)}
    _check(sets["pass"][0], Verdict.PASS, codes=())
    _check(sets["deny"][0], Verdict.DENY, codes=("NOTIONAL_ABOVE_MAX",))

    async def ours(_round: int) -> dict[str, float]:
        recorded = {f"ours {name}": _rate(inputs, _decide_and_record) for name, inputs in sets.items()}
        return recorded | {f"bare {name}": _rate(inputs, decide) for name, inputs in sets.items()}

    async def theirs(_round: int) -> dict[str, float]:
        return await run_peer("nautilus_risk", str(orders))

    found = await measure_rounds([ours, theirs], rounds=plan.rounds)
    return [
        compare(
            f"{what}, {name} set",
            "per s",
            ours=found[f"{side} {name}"],
            peer=found[name],
            peer_name="nautilus_trader",
            aim=aim,
        )
        for side, what, aim in (
            ("ours", "decisions with record and hash", _AIM),
            ("bare", "decisions only", ""),
        )
        for name in sets
    ]


def _decide_and_record(inputs: RiskInputs) -> str:
    return hashlib.sha256(decision_json(decide(inputs))).hexdigest()


def _rate(inputs: Sequence[RiskInputs], act: Callable[[RiskInputs], object]) -> float:
    started = time.perf_counter()
    for one in inputs:
        act(one)
    return len(inputs) / (time.perf_counter() - started)


def _check(inputs: RiskInputs, verdict: Verdict, *, codes: tuple[str, ...]) -> None:
    decision: RiskDecision = decide(inputs)
    assert (decision.verdict, decision.risk_codes) == (verdict, codes), decision.risk_codes


def _inputs(count: int, *, quantity: int) -> list[RiskInputs]:
    """Ready-made inputs, as the peer gets ready-made commands: all share the market, each has its own price."""
    policy, instrument, quote, account, counters = _policy(), _instrument(), _quote(), _account(), _counters()
    return [
        RiskInputs(
            action=_action(quantity, price=f"1.00{index % 100 + 101}"),
            policy=policy,
            instrument=instrument,
            quote=quote,
            account=account,
            counters=counters,
            preconditions=Preconditions(price_shown=Decimal(1), allowed_drift_bps=100),
            kill_switch_engaged=False,
            now_ms=_NOW_MS,
            stage="release",
            engine_ready=True,
        )
        for index in range(count)
    ]


def _action(quantity: int, *, price: str) -> Action:
    return Action(
        kind=ActionKind.PLACE_ORDER,
        provider=_PROVIDER,
        credential_ref=made_id(1, 1),
        customer_id=made_id(2, 1),
        params=OrderParams(
            product_symbol=_SYMBOL,
            side="buy",
            size=str(quantity),
            order_type="limit_order",
            limit_price=price.rstrip("0"),
            reduce_only=False,
            time_in_force="gtc",
        ),
    )


def _policy() -> RiskPolicy:
    account = AccountLimits(
        allowed_coins=("AUD",),
        max_units_per_order=Decimal(10_000_000),
        max_notional_inr=Decimal(1_000_000_000),
    )
    platform = PLATFORM_LIMITS_V1[_PROVIDER].model_copy(
        update={"max_notional_per_order": _CAP, "max_position_notional": Decimal(50_000_000)}
    )
    return policy_for_account(platform, account=account)


def _instrument() -> Instrument:
    return Instrument(
        symbol=_SYMBOL,
        contract_value=Decimal(1),
        contract_unit="AUD",
        tick_size=Decimal("0.00001"),
        min_size=Decimal(1_000),
        size_step=Decimal(1),
        max_size=Decimal(10_000_000),
        min_notional=Decimal(1_000),
        state="live",
        quote_currency="USD",
        order_types=("limit_order", "market_order"),
        times_in_force=("gtc", "ioc"),
    )


def _quote() -> Quote:
    return Quote(
        symbol=_SYMBOL,
        mark_price=Decimal(1),
        best_bid=Decimal("0.99999"),
        best_ask=Decimal("1.00001"),
        price_band_lower=Decimal("0.95"),
        price_band_upper=Decimal("1.05"),
        as_of_ms=_NOW_MS - 100,
    )


def _account() -> AccountSnapshot:
    return AccountSnapshot(
        as_of_ms=_NOW_MS - 100, balances={"USD": Decimal(1_000_000)}, positions=(), open_orders=()
    )


def _counters() -> Counters:
    return Counters(
        orders_last_second=0,
        orders_last_minute=0,
        orders_today=0,
        notional_today=Decimal(0),
        same_intent_recent=0,
        unknown_outcome_same_side=0,
        in_flight=(),
    )
