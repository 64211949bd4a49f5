"""What is wrong with a goal, field by field, for every frequency."""

from datetime import time
from typing import Any

import pytest

from plant.agent_types.actions import SEEDS
from plant.goals.model import problems_of, schedule_of
from plant.scheduler.due_times import Schedule
from shared.contracts.agent_types import AgentTypeDefinition, Frequency
from shared.contracts.goals import GoalRequest


def definition(name: str) -> AgentTypeDefinition:
    return AgentTypeDefinition.model_validate_json((SEEDS / f"{name}.json").read_bytes())


TRADING = definition("trading.delta_futures.v1")
MARKETING = definition("marketing.digital_marketing.v1")
DAILY = {"template_id": "guardrail_report", "frequency": "daily", "time_of_day": "09:30"}
WEEKLY = {
    "template_id": "close_position_reminder",
    "frequency": "weekly",
    "time_of_day": "09:30",
    "weekday": 0,
    "settings": {"coin": "BTC"},
}
MONTHLY = {
    "template_id": "monthly_campaign_pack",
    "frequency": "monthly",
    "time_of_day": "09:30",
    "day_of_month": 31,
    "settings": {"campaign": "Rain", "posts_per_month": 3, "time_of_day": "10:00"},
}


def without(goal: dict[str, Any], field: str) -> dict[str, Any]:
    return {name: value for name, value in goal.items() if name != field}


def problems(goal: dict[str, Any], of: AgentTypeDefinition = TRADING) -> list[str]:
    return [one.field for one in problems_of(GoalRequest.model_validate(goal), definition=of)]


def test_goals_that_say_when_as_their_frequency_asks_are_right() -> None:
    assert problems(DAILY) == problems(WEEKLY) == problems(MONTHLY, MARKETING) == []


@pytest.mark.parametrize(
    ("goal", "of", "field"),
    [
        (without(DAILY, "time_of_day"), TRADING, "time_of_day"),
        (DAILY | {"weekday": 1}, TRADING, "weekday"),
        (DAILY | {"day_of_month": 1}, TRADING, "day_of_month"),
        (without(WEEKLY, "weekday"), TRADING, "weekday"),
        (without(MONTHLY, "day_of_month"), MARKETING, "day_of_month"),
        (MONTHLY | {"weekday": 1}, MARKETING, "weekday"),
        (DAILY | {"frequency": "on_demand"}, TRADING, "frequency"),
        (DAILY | {"template_id": "unknown"}, TRADING, "template_id"),
        (WEEKLY | {"settings": {"coin": "btc"}}, TRADING, "settings/coin"),
        (WEEKLY | {"settings": {}}, TRADING, "settings/coin"),
    ],
)
def test_what_is_missing_or_too_much_is_named(
    goal: dict[str, Any], of: AgentTypeDefinition, field: str
) -> None:
    assert problems(goal, of) == [field]


def test_time_is_kept_as_it_was_written() -> None:
    schedule = schedule_of(GoalRequest.model_validate(WEEKLY), timezone="Asia/Kolkata")

    assert schedule == Schedule(Frequency.WEEKLY, "Asia/Kolkata", time(9, 30), weekday=0)
