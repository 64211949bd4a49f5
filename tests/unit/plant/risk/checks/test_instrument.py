"""Known, trading, allowed, and open to this kind of order."""

import re
from datetime import datetime

import pytest

from plant.exchange_accounts.trading_hours import NEVER, TradingHours
from plant.risk.check import CheckStatus
from plant.risk.decision import Verdict
from plant.risk.gate import decide
from plant.risk.model import RiskInputs
from tests.unit.plant.risk.create import (
    Row,
    create_exit_inputs,
    create_inputs,
    create_instrument,
    create_policy,
    result_of,
    row_id,
)

PASS, FAIL, SKIPPED, MISSING = (
    CheckStatus.PASS,
    CheckStatus.FAIL,
    CheckStatus.SKIPPED,
    CheckStatus.MISSING_INPUT,
)


def create_at(moment: str, *hours: str) -> RiskInputs:
    """Shape of `hours`: "HH:MM-HH:MM zone"."""
    read = [re.fullmatch(r"(.{5})-(.{5}) (.+)", text) for text in hours]
    windows = tuple(TradingHours(start=one[1], end=one[2], timezone=one[3]) for one in read if one)
    now_ms = int(datetime.fromisoformat(moment).timestamp() * 1000)
    return create_inputs(policy=create_policy(trading_hours=windows), now_ms=now_ms)


ROWS = [
    Row("known", "instrument_known", PASS, create_inputs()),
    Row("no instrument", "instrument_known", MISSING, create_inputs(instrument=None)),
    Row(
        "an instrument of another symbol",
        "instrument_known",
        MISSING,
        create_inputs(instrument=create_instrument(symbol="ETHUSD")),
    ),
    Row("live", "instrument_tradable", PASS, create_inputs()),
    Row("expired", "instrument_tradable", FAIL, create_inputs(instrument=create_instrument(state="expired"))),
    Row("no instrument", "instrument_tradable", MISSING, create_inputs(instrument=None)),
    Row("on the list", "symbol_allowed", PASS, create_inputs()),
    Row(
        "not on the list",
        "symbol_allowed",
        FAIL,
        create_inputs(policy=create_policy(allowed_symbols=("ETHUSD",))),
    ),
    Row("an empty list", "symbol_allowed", FAIL, create_inputs(policy=create_policy(allowed_symbols=()))),
    Row("waived", "symbol_allowed", SKIPPED, create_inputs(policy=create_policy(allowed_symbols="waived"))),
    Row("an exit", "symbol_allowed", SKIPPED, create_exit_inputs(policy=create_policy(allowed_symbols=()))),
    Row("on the list", "coin_allowed", PASS, create_inputs()),
    Row("not on the list", "coin_allowed", FAIL, create_inputs(policy=create_policy(allowed_coins=("ETH",)))),
    Row("waived", "coin_allowed", SKIPPED, create_inputs(policy=create_policy(allowed_coins="waived"))),
    Row("an exit", "coin_allowed", SKIPPED, create_exit_inputs(policy=create_policy(allowed_coins=("ETH",)))),
    Row("no instrument", "coin_allowed", MISSING, create_inputs(instrument=None)),
    Row(
        "no hours set", "trading_window", SKIPPED, create_inputs(policy=create_policy(trading_hours="waived"))
    ),
    *(
        Row(f"{hours} at {at}", "trading_window", status, create_at(at, *hours))
        for hours, at, status in (
            (("09:15-23:30 Asia/Kolkata",), "2026-11-20T03:44:59Z", FAIL),
            (("09:15-23:30 Asia/Kolkata",), "2026-11-20T03:45:00Z", PASS),
            (("09:15-23:30 Asia/Kolkata",), "2026-11-20T17:59:59Z", PASS),
            (("09:15-23:30 Asia/Kolkata",), "2026-11-20T18:00:00Z", FAIL),
            (("22:00-02:00 UTC",), "2026-11-20T23:59:59Z", PASS),
            (("22:00-02:00 UTC",), "2026-11-20T02:00:00Z", FAIL),
            (("00:00-00:00 UTC",), "2026-11-20T00:00:00Z", FAIL),
            (("09:00-10:00 Europe/Berlin",), "2026-03-29T07:30:00Z", PASS),
            (("09:00-10:00 Europe/Berlin",), "2026-03-28T07:30:00Z", FAIL),
            (("06:00-12:00 UTC", "09:00-17:00 UTC"), "2026-11-20T07:00:00Z", FAIL),
            (("06:00-12:00 UTC", "09:00-17:00 UTC"), "2026-11-20T10:00:00Z", PASS),
        )
    ),
    Row(
        "an exit",
        "trading_window",
        SKIPPED,
        create_exit_inputs(policy=create_policy(trading_hours=(NEVER,))),
    ),
    Row("taken by both", "order_type_supported", PASS, create_inputs()),
    Row(
        "not taken by the policy",
        "order_type_supported",
        FAIL,
        create_inputs(policy=create_policy(order_types=("market_order",))),
    ),
    Row(
        "not taken by the venue",
        "order_type_supported",
        FAIL,
        create_inputs(instrument=create_instrument(order_types=("market_order",))),
    ),
    Row("no instrument", "order_type_supported", MISSING, create_inputs(instrument=None)),
    Row("taken by both", "time_in_force_supported", PASS, create_inputs()),
    Row(
        "not taken by the policy",
        "time_in_force_supported",
        FAIL,
        create_inputs(policy=create_policy(times_in_force=("ioc",))),
    ),
    Row(
        "not taken by the venue",
        "time_in_force_supported",
        FAIL,
        create_inputs(instrument=create_instrument(times_in_force=("ioc",))),
    ),
    Row("no instrument", "time_in_force_supported", MISSING, create_inputs(instrument=None)),
]


@pytest.mark.parametrize("row", ROWS, ids=row_id)
def test_instrument_check_in_each_situation_finds_as_stated(row: Row) -> None:
    decision = decide(row.inputs)

    result = result_of(row.check, decision)
    assert result.status is row.status, result
    assert (result.code in decision.risk_codes) or row.status in (PASS, SKIPPED)
    assert (decision.verdict is Verdict.DENY) or row.status in (PASS, SKIPPED)
