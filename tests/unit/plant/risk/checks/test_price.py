"""The venue's grid, the collar, the band, and protection of market orders."""

import pytest

from plant.risk.check import CheckStatus
from plant.risk.decision import Verdict
from plant.risk.gate import decide
from plant.risk.model import RiskInputs
from tests.unit.plant.risk.create import (
    Changes,
    Row,
    create_action,
    create_exit,
    create_exit_inputs,
    create_inputs,
    create_instrument,
    create_market_action,
    create_policy,
    create_quote,
    result_of,
    row_id,
)

PASS, FAIL, SKIPPED, MISSING = (
    CheckStatus.PASS,
    CheckStatus.FAIL,
    CheckStatus.SKIPPED,
    CheckStatus.MISSING_INPUT,
)


def priced(price: str, **changes: Changes) -> RiskInputs:
    return create_inputs(**{"action": create_action(limit_price=price), **changes})


def at_market(**changes: Changes) -> RiskInputs:
    return create_inputs(**{"action": create_market_action(), **changes})


ROWS = [
    Row("on the grid", "price_tick", PASS, priced("65000.5")),
    Row("off the grid", "price_tick", FAIL, priced("65000.3")),
    Row("a tick of zero", "price_tick", FAIL, create_inputs(instrument=create_instrument(tick_size="0"))),
    Row("a market order", "price_tick", SKIPPED, at_market()),
    Row("no instrument", "price_tick", MISSING, create_inputs(instrument=None)),
    Row("above the mark price, at the limit", "price_collar", PASS, priced("68250")),
    Row("above it", "price_collar", FAIL, priced("68250.5")),
    Row("below the mark price, at the limit", "price_collar", PASS, priced("61750")),
    Row("below it", "price_collar", FAIL, priced("61749.5")),
    Row("an exit too", "price_collar", FAIL, create_exit_inputs(action=create_exit(limit_price="61749.5"))),
    Row("waived", "price_collar", SKIPPED, priced("90000", policy=create_policy(price_collar_bps="waived"))),
    Row("no mark price", "price_collar", MISSING, create_inputs(quote=create_quote(mark_price=None))),
    Row(
        "a market order, by the far side",
        "price_collar",
        FAIL,
        at_market(quote=create_quote(best_ask="68250.5")),
    ),
    Row("at the upper end", "price_band", PASS, priced("66625")),
    Row("above it", "price_band", FAIL, priced("66625.5")),
    Row("at the lower end", "price_band", PASS, priced("63375")),
    Row("below it", "price_band", FAIL, priced("63374.5")),
    Row("waived", "price_band", SKIPPED, priced("68000", policy=create_policy(price_band="waived"))),
    Row("no upper end", "price_band", MISSING, create_inputs(quote=create_quote(price_band_upper=None))),
    Row("no lower end", "price_band", MISSING, create_inputs(quote=create_quote(price_band_lower=None))),
    Row("no quote", "price_band", MISSING, create_inputs(quote=None)),
    Row("a limit order", "market_protection", SKIPPED, create_inputs()),
    Row("a far side near the mark price", "market_protection", PASS, at_market()),
    Row("at the limit", "market_protection", PASS, at_market(quote=create_quote(best_ask="65650"))),
    Row("too far", "market_protection", FAIL, at_market(quote=create_quote(best_ask="65650.5"))),
    Row(
        "too far on the near side only",
        "market_protection",
        PASS,
        at_market(quote=create_quote(best_bid="60000")),
    ),
    Row(
        "a sale into a bid that is too far",
        "market_protection",
        FAIL,
        at_market(action=create_market_action(side="sell"), quote=create_quote(best_bid="64349.5")),
    ),
    Row(
        "no protection stated",
        "market_protection",
        FAIL,
        at_market(policy=create_policy(market_protection_bps="no_market_orders")),
    ),
    Row("no far side", "market_protection", MISSING, at_market(quote=create_quote(best_ask=None))),
]


@pytest.mark.parametrize("row", ROWS, ids=row_id)
def test_price_check_in_each_situation_finds_as_stated(row: Row) -> None:
    decision = decide(row.inputs)

    result = result_of(row.check, decision)
    assert result.status is row.status, result
    assert (result.code in decision.risk_codes) or row.status in (PASS, SKIPPED)
    assert (decision.verdict is Verdict.DENY) or row.status in (PASS, SKIPPED)
