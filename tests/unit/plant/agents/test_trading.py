"""The trading patterns, run whole: what they propose, when they propose nothing, and that equals give equals."""

from typing import Any

import pytest

from plant.agents.registered import all_capabilities
from plant.patterns.capabilities import RunContext
from plant.patterns.orchestrator import Orchestrator, PatternRunError, RunResult
from plant.patterns.shipped import load_shipped

PATTERNS = load_shipped(all_capabilities())
GOAL = {"started_at": "2026-11-20T03:30:01+00:00", "timezone": "Asia/Kolkata"}
HELD = {"coin": "BTC", "side": "long", "units": "0.5", "entry_price": "60000"}


async def run(pattern: str, **inputs: Any) -> RunResult:
    given: dict[str, Any] = {"config": {}, "settings": {}, "goal": GOAL, "facts": {}} | inputs
    return await Orchestrator().run(PATTERNS[pattern], inputs=given, context=RunContext("customer_a"))


async def drafts(pattern: str, **inputs: Any) -> list[Any]:
    found: Any = (await run(pattern, **inputs)).outputs["deliverables"]
    return found


def account(*positions: dict[str, str]) -> dict[str, Any]:
    return {"account_snapshot": {"as_of": "2026-11-20T03:30:00+00:00", "positions": [*positions]}}


def intent(**changes: Any) -> dict[str, Any]:
    return {
        "coin": "BTC",
        "units": "0.01",
        "side": "long",
        "action": "enter",
        "order_type": "market",
    } | changes


async def test_intent_becomes_one_order_of_exactly_the_settings() -> None:
    market = await drafts("trading.trade_intent_draft.v1", settings=intent())
    limit = await drafts(
        "trading.trade_intent_draft.v1", settings=intent(order_type="limit", limit_price="64000.5")
    )

    assert [one["kind"] for one in market] == ["trade_order"]
    wanted = {"coin": "BTC", "units": "0.01", "side": "long", "action": "enter"}
    assert market[0]["request"] == wanted | {"market": True}
    assert limit[0]["request"] == wanted | {"limit_price": "64000.5"}


@pytest.mark.parametrize(
    "settings",
    [
        intent(order_type="limit"),
        intent(limit_price="64000"),
        intent(units="0"),
        intent(units="-1"),
        intent(units="1e3000"),
        intent(side="sideways"),
        intent(coin="btc"),
    ],
)
async def test_intent_that_makes_no_order_is_an_error_of_its_step(settings: dict[str, Any]) -> None:
    with pytest.raises(PatternRunError) as error:
        await run("trading.trade_intent_draft.v1", settings=settings)

    assert (error.value.code, error.value.step_id) == ("ARGUMENTS_INVALID", "order")


@pytest.mark.parametrize(
    ("window", "is_inside"),
    [
        ({}, True),
        ({"window_start": "09:00", "window_end": "09:01"}, True),
        ({"window_start": "09:01"}, False),
        ({"window_end": "09:00"}, False),
        ({"window_start": "22:00", "window_end": "09:30"}, True),
        ({"window_start": "22:00", "window_end": "06:00"}, False),
    ],
)
async def test_open_position_is_proposed_to_be_closed_within_the_window_only(
    window: dict[str, str], is_inside: bool
) -> None:
    found = await drafts(
        "trading.close_position_reminder.v1", settings={"coin": "BTC"} | window, facts=account(HELD)
    )

    assert bool(found) is is_inside
    if found:
        wanted = {"coin": "BTC", "units": "0.5", "side": "long", "action": "exit", "market": True}
        assert found[0]["request"] == wanted


@pytest.mark.parametrize("facts", [account(), account(HELD | {"coin": "ETH"})])
async def test_nothing_is_proposed_without_a_position_in_the_coin(facts: dict[str, Any]) -> None:
    assert await drafts("trading.close_position_reminder.v1", settings={"coin": "BTC"}, facts=facts) == []


async def test_guardrail_report_names_limits_coins_and_the_reasons_of_denials() -> None:
    limits = {
        "provider": "delta_exchange_india",
        "default_coin": "BTC",
        "allowed_coins": ["BTC", "ETH"],
        "max_units_per_order": "0.5",
        "max_notional_inr": None,
        "trading_hours": ["09:15 to 23:30 Asia/Kolkata"],
        "policy": {"max_orders_per_day": 2000},
    }
    at = "2026-11-19T10:00:00+00:00"
    denial = {
        "at": at,
        "action": "place_order",
        "reason": "risk_denied",
        "risk_codes": ["QTY_ABOVE_MAX"],
        "detail": "too large",
    }
    attempts = {
        "since": at,
        "sent": [{"at": at, "kind": "place_order", "subject": "cs1", "state": "filled"}],
        "denied": [denial],
    }

    (report,) = await drafts(
        "trading.guardrail_report.v1", facts={"account_limits": limits, "recent_attempts": attempts}
    )

    assert report["request"] is None
    assert "1 sent, 1 denied (risk_denied: 1)" in report["body"]["paragraphs"][0]
    rows = {row[0]: row[1] for row in report["body"]["tables"][0]["rows"]}
    assert (rows["Allowed coins"], rows["Largest order"]) == ("BTC, ETH", "0.5 units")
    assert report["body"]["tables"][2]["rows"][0][2] == "risk_denied, QTY_ABOVE_MAX"


async def test_same_inputs_give_the_same_run_hash() -> None:
    first = await run("trading.trade_intent_draft.v1", settings=intent())
    second = await run("trading.trade_intent_draft.v1", settings=intent())
    other = await run("trading.trade_intent_draft.v1", settings=intent(units="0.02"))

    assert first.trace.run_hash == second.trace.run_hash != other.trace.run_hash
