"""What must hold for any inputs: tighter never loosens, exits never grow a position, replay agrees."""

import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from plant.brokers.model import Instrument, OpenOrder
from plant.exchange_accounts.trading_hours import NEVER
from plant.risk.decision import Verdict, decision_json
from plant.risk.gate import decide
from plant.risk.model import RiskInputs
from plant.risk.policy import AccountLimits, RiskPolicy, policy_for_account
from plant.risk.replay import decide_again, inputs_record
from tests.unit.plant.risk.create import (
    create_account,
    create_action,
    create_counters,
    create_exit,
    create_exit_inputs,
    create_in_flight,
    create_inputs,
    create_instrument,
    create_market_action,
    create_open_order,
    create_policy,
    create_position,
    create_quote,
)

_SIZES = st.integers(0, 60).map(str)
_SIDES = st.sampled_from(["buy", "sell"])
_SYMBOLS = st.sampled_from(["BTCUSD", "ETHUSD"])
_PRICES = st.none() | st.integers(-1, 280_000).map(lambda halves: str(Decimal(halves) / 2))
_NEAR_PRICES = st.integers(126_000, 134_000).map(lambda halves: str(Decimal(halves) / 2))
_OPEN_ORDERS = st.lists(
    st.builds(create_open_order, _SIZES, symbol=_SYMBOLS, side=_SIDES, reduce_only=st.booleans()),
    max_size=4,
)
_IN_FLIGHT = st.lists(
    st.builds(create_in_flight, _SIZES, symbol=_SYMBOLS, side=_SIDES, reduce_only=st.booleans()), max_size=2
)
_LIMIT_ACTIONS = st.builds(
    create_action,
    side=_SIDES,
    size=_SIZES,
    limit_price=_NEAR_PRICES.map(lambda text: text.removesuffix(".0")),
    reduce_only=st.booleans(),
    time_in_force=st.sampled_from(["gtc", "ioc"]),
)
_MARKET_ACTIONS = st.builds(create_market_action, side=_SIDES, size=_SIZES)
_ACCOUNTS = st.builds(
    create_account,
    positions=st.integers(-60, 60).map(lambda size: (create_position(str(size)),)),
    open_orders=_OPEN_ORDERS,
)
_COUNTERS = st.builds(
    create_counters,
    orders_last_second=st.integers(0, 6),
    orders_last_minute=st.integers(0, 32),
    orders_today=st.integers(0, 210),
    notional_today=st.sampled_from(["0", "4999000", "4999900"]),
    same_intent_recent=st.integers(0, 1),
    unknown_outcome_same_side=st.integers(0, 1),
    in_flight=_IN_FLIGHT,
)
_QUOTES = st.builds(
    create_quote,
    mark_price=_NEAR_PRICES | _PRICES,
    best_bid=_NEAR_PRICES | _PRICES,
    best_ask=_NEAR_PRICES | _PRICES,
)
_INPUTS = st.builds(
    create_inputs,
    action=_LIMIT_ACTIONS | _MARKET_ACTIONS,
    quote=_QUOTES,
    account=st.none() | _ACCOUNTS,
    counters=st.none() | _COUNTERS,
    stage=st.sampled_from(["proposal", "release"]),
)


def _or_waived(values: st.SearchStrategy[int]) -> st.SearchStrategy[int | str]:
    return st.just("waived") | values


_ACCOUNT_LIMITS = st.fixed_dictionaries(
    {
        "allowed_coins": st.sampled_from(["waived", (), ("BTC",), ("ETH",)]),
        "allowed_symbols": st.sampled_from(["waived", (), ("BTCUSD",)]),
        "max_units_per_order": st.sampled_from(["waived", "0.001", "0.01", "1"]),
        "max_notional_inr": _or_waived(st.integers(1, 600_000)),
        "max_notional_per_order": _or_waived(st.integers(1, 4_000)),
        "price_collar_bps": _or_waived(st.integers(1, 600)),
        "market_protection_bps": st.sampled_from(["waived", "no_market_orders", 1, 50, 200]),
        "max_position_contracts": _or_waived(st.integers(1, 200)),
        "max_position_notional": _or_waived(st.integers(1, 8_000)),
        "max_orders_per_second": _or_waived(st.integers(1, 6)),
        "max_orders_per_minute": _or_waived(st.integers(1, 40)),
        "max_orders_per_day": _or_waived(st.integers(1, 300)),
        "max_daily_notional": _or_waived(st.integers(1, 6_000_000)),
        "max_drift_bps": _or_waived(st.integers(1, 200)),
        "trading_hours": st.sampled_from(["waived", (), (NEVER,)]),
    }
).map(AccountLimits.model_validate)

_WAIVABLE = [name for name, field in RiskPolicy.model_fields.items() if "waived" in str(field.annotation)]
_POLICIES = st.sets(st.sampled_from(_WAIVABLE)).map(
    lambda names: create_policy(**dict.fromkeys(names, "waived"))
)


@given(inputs=_INPUTS, policy=_POLICIES, account=_ACCOUNT_LIMITS)
def test_tightening_by_an_account_removes_no_denial(
    inputs: RiskInputs, policy: RiskPolicy, account: AccountLimits
) -> None:
    tighter = policy_for_account(policy, account=account)

    before = decide(inputs.model_copy(update={"policy": policy}))
    after = decide(inputs.model_copy(update={"policy": tighter}))

    assert set(before.risk_codes) <= set(after.risk_codes)


@given(inputs=_INPUTS, policy=_POLICIES, name=st.sampled_from(_WAIVABLE))
def test_setting_a_waived_limit_removes_no_denial(inputs: RiskInputs, policy: RiskPolicy, name: str) -> None:
    waived = policy.model_copy(update={name: "waived"})
    tighter = policy.model_copy(update={name: getattr(create_policy(), name)})

    before = decide(inputs.model_copy(update={"policy": waived}))
    after = decide(inputs.model_copy(update={"policy": tighter}))

    assert set(before.risk_codes) <= set(after.risk_codes)


@given(
    inputs=_INPUTS, tightened=st.sampled_from(["max_quote_age_ms", "max_snapshot_age_ms", "max_future_ms"])
)
def test_shorter_age_removes_no_denial(inputs: RiskInputs, tightened: str) -> None:
    tighter = inputs.policy.model_copy(update={tightened: 1})

    before = decide(inputs)
    after = decide(inputs.model_copy(update={"policy": tighter}))

    assert set(before.risk_codes) <= set(after.risk_codes)


@given(orders=_OPEN_ORDERS, strangers=_OPEN_ORDERS, data=st.data())
def test_order_of_open_orders_and_those_of_other_symbols_do_not_matter(
    orders: list[OpenOrder], strangers: list[OpenOrder], data: st.DataObject
) -> None:
    elsewhere = [order.model_copy(update={"symbol": "ETHUSD"}) for order in strangers]
    shuffled = data.draw(st.permutations([*orders, *elsewhere]))

    alone = decide(create_inputs(account=create_account(open_orders=orders)))
    among_others = decide(create_inputs(account=create_account(open_orders=shuffled)))

    assert among_others.checks == alone.checks


@given(
    held=st.integers(-60, 60),
    sizes=st.lists(st.integers(1, 60), min_size=2, max_size=4),
    side=_SIDES,
    seen_as=st.sampled_from(["open", "in flight"]),
    data=st.data(),
)
def test_exits_in_flight_together_never_grow_or_turn_a_position(
    held: int, sizes: list[int], side: str, seen_as: str, data: st.DataObject
) -> None:
    pending: list[int] = []
    for size in sizes:
        sent = [str(earlier) for earlier in pending]
        inputs = create_exit_inputs(
            action=create_exit(side=side, size=str(size)),
            account=create_account(
                positions=(create_position(str(held)),),
                open_orders=[
                    create_open_order(text, side=side, reduce_only=True) for text in sent if seen_as == "open"
                ],
            ),
            counters=create_counters(
                in_flight=[
                    create_in_flight(text, side=side, reduce_only=True)
                    for text in sent
                    if seen_as == "in flight"
                ]
            ),
            policy=create_policy(max_units_per_order="waived", max_notional_inr="waived"),
        )
        if decide(inputs).verdict is Verdict.PASS:
            pending.append(size)

    filled = sum(data.draw(st.integers(0, size)) for size in pending)
    after = held + filled if side == "buy" else held - filled

    assert abs(after) <= abs(held)
    assert after * held >= 0


def test_two_exits_that_both_fit_both_pass() -> None:
    first = create_exit_inputs(account=create_account(positions=(create_position("20"),)))
    second = first.model_copy(
        update={
            "counters": create_counters(in_flight=(create_in_flight("10", side="sell", reduce_only=True),))
        }
    )

    assert decide(first).verdict is Verdict.PASS
    assert decide(second).verdict is Verdict.PASS


@given(zeros=st.integers(0, 8))
def test_trailing_zeros_of_a_decimal_change_no_byte(zeros: int) -> None:
    scale = "." + "0" * zeros if zeros else ""
    scaled = create_inputs(
        quote=create_quote(mark_price="65000" + scale),
        instrument=create_instrument(size_step="1" + scale, max_size="229167" + scale),
        account=create_account(balances={"USD": "1000" + scale}, positions=(create_position("20" + scale),)),
        policy=create_policy(max_notional_per_order="100000" + scale),
    )
    plain = create_inputs(account=create_account(positions=(create_position("20"),)))

    assert decision_json(decide(scaled)) == decision_json(decide(plain))


@given(inputs=_INPUTS)
def test_any_decision_is_replayed_from_its_stored_inputs(inputs: RiskInputs) -> None:
    stored = json.dumps(inputs_record(inputs))

    assert decision_json(decide_again(json.loads(stored))) == decision_json(decide(inputs))


_ODD_DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-1000, max_value=1000)


@given(
    instrument=st.builds(
        create_instrument,
        contract_value=_ODD_DECIMALS,
        tick_size=_ODD_DECIMALS,
        size_step=_ODD_DECIMALS,
        min_size=_ODD_DECIMALS,
        max_size=_ODD_DECIMALS,
    ),
    inputs=_INPUTS,
)
def test_odd_instrument_never_raises_and_passes_only_when_it_makes_sense(
    instrument: Instrument, inputs: RiskInputs
) -> None:
    decision = decide(inputs.model_copy(update={"instrument": instrument}))

    makes_sense = instrument.contract_value > 0 and instrument.size_step > 0 and instrument.max_size > 0
    assert decision.verdict is Verdict.DENY or makes_sense
