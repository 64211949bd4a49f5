"""The definitions that come with the code: whole, valid, fit for a form, and named nowhere else."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from plant.agent_types.actions import SEEDS
from plant.agent_types.rules import problems_of_config, with_defaults
from plant.agent_types.schemas import problems_of_value
from plant.agent_types.validate import report_on
from shared.contracts.agent_types import AgentTypeDefinition, Role
from shared.contracts.vault import ExchangeAccount
from tests.architecture.tree import ROOT, parse, source_files
from tests.unit.plant.agent_types.create import skills

REF = "0b6ec6c4-4c17-4c0f-8f0a-6a41f4bf7e11"
TRADING: dict[str, Any] = {
    "nickname": "Desk",
    "exchange_credential_ref": REF,
    "max_units_per_order": "0.5",
}
MARKETING: dict[str, Any] = {
    "nickname": "Voice",
    "brand_name": "Chai House",
    "offerings": ["Masala chai"],
    "location": "Pune",
    "platforms": ["mastodon", "x"],
    "platform_credentials": {"mastodon": REF, "x": REF},
}
FIELDS = {
    "trading.delta_futures.v1": {
        *("nickname", "avatar", "theme", "timezone", "exchange_provider", "exchange_credential_ref"),
        *("allowed_coins", "default_coin", "max_units_per_order", "max_notional_inr", "execution_policy"),
        *("interval_seconds", "active_window_start", "active_window_end"),
    },
    "marketing.digital_marketing.v1": {
        *(
            "nickname",
            "avatar",
            "theme",
            "primary_language",
            "timezone",
            "brand_name",
            "offerings",
            "location",
        ),
        *("platforms", "platform_credentials", "posting_identities", "constraints", "review_policy"),
    },
}
TEMPLATES = {
    "trading.delta_futures.v1": {
        "trade_intent_draft": ["on_demand"],
        "close_position_reminder": ["daily", "weekly"],
        "guardrail_report": ["daily"],
    },
    "marketing.digital_marketing.v1": {
        "weekly_multichannel_batch": ["weekly"],
        "daily_micro_post": ["daily"],
        "monthly_campaign_pack": ["monthly"],
    },
}
# What knows no particular type. Agents, their patterns, and the exchange accounts' own settings do.
GENERAL = (
    "cp_backend",
    "pp_backend",
    "gateway",
    *(
        f"plant/{name}"
        for name in ("agent_types", "hired_agents", "subscriptions", "goals", "scheduler", "metering")
    ),
)


def each_seed() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", sorted(SEEDS.glob("*.json")), ids=lambda path: path.stem)


def load(path: Path) -> tuple[dict[str, Any], AgentTypeDefinition]:
    body = json.loads(path.read_text())
    return body, AgentTypeDefinition.model_validate(body)


@each_seed()
def test_seed_can_be_published_and_is_named_like_its_file(path: Path) -> None:
    body, definition = load(path)

    assert report_on(body, skills=skills()).problems == ()
    assert definition.agent_type_id == path.stem


@each_seed()
def test_seed_has_every_field_and_template_that_is_asked_for(path: Path) -> None:
    body, definition = load(path)

    assert set(body["config_schema"]["properties"]) == FIELDS[path.stem]
    found = {one.template_id: list(one.frequencies) for one in definition.goal_templates}
    assert found == TEMPLATES[path.stem]


@each_seed()
def test_every_field_of_a_form_has_a_title_and_a_place(path: Path) -> None:
    body, _ = load(path)
    schemas = [body["config_schema"], *(one["settings_schema"] for one in body["goal_templates"])]

    for schema in schemas:
        orders = [field["x-ui"]["order"] for field in schema["properties"].values()]
        assert len(orders) == len(set(orders))
        for name, field in schema["properties"].items():
            assert field["title"], name
            assert field["x-ui"]["help"], name
            assert field["x-ui"]["group"], name


@pytest.mark.parametrize(
    ("name", "config", "change", "field"),
    [
        ("trading.delta_futures.v1", TRADING, {}, None),
        ("trading.delta_futures.v1", TRADING, {"default_coin": "SOL"}, "/default_coin"),
        ("trading.delta_futures.v1", TRADING, {"allowed_coins": []}, "/allowed_coins"),
        ("trading.delta_futures.v1", TRADING, {"max_units_per_order": "1e3"}, "/max_units_per_order"),
        ("trading.delta_futures.v1", TRADING, {"max_notional_inr": "500000"}, None),
        ("trading.delta_futures.v1", TRADING, {"execution_policy": "never_ask"}, "/execution_policy"),
        ("trading.delta_futures.v1", TRADING, {"interval_seconds": 59}, "/interval_seconds"),
        ("trading.delta_futures.v1", TRADING, {"active_window_start": "09:15"}, "/active_window_end"),
        (
            "trading.delta_futures.v1",
            TRADING,
            {"active_window_start": "09:15", "active_window_end": "23:30"},
            None,
        ),
        ("marketing.digital_marketing.v1", MARKETING, {}, None),
        ("marketing.digital_marketing.v1", MARKETING, {"platforms": []}, "/platforms"),
        (
            "marketing.digital_marketing.v1",
            MARKETING,
            {"platforms": ["bluesky"]},
            "/platform_credentials/bluesky",
        ),
        ("marketing.digital_marketing.v1", MARKETING, {"platforms": ["myspace"]}, "/platforms/0"),
        (
            "marketing.digital_marketing.v1",
            MARKETING,
            {"constraints": {"max_length": 1}},
            "/constraints/max_length",
        ),
        ("marketing.digital_marketing.v1", MARKETING, {"review_policy": "none"}, "/review_policy"),
    ],
)
def test_configuration_with_defaults_is_whole_or_names_its_field(
    name: str, config: dict[str, Any], change: dict[str, Any], field: str | None
) -> None:
    _, definition = load(SEEDS / f"{name}.json")
    filled = with_defaults(definition.config_schema, config | change)

    found = {problem.field for problem in problems_of_config(definition, filled)}

    assert field in found if field else found == set()


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({}, None),
        ({"order_type": "limit", "limit_price": "65000"}, None),
        ({"order_type": "limit"}, "/limit_price"),
        ({"order_type": "market", "limit_price": "65000"}, ""),
        ({"units": "-1"}, "/units"),
    ],
)
def test_limit_price_belongs_to_limit_orders(settings: dict[str, Any], field: str | None) -> None:
    _, definition = load(SEEDS / "trading.delta_futures.v1.json")
    template = definition.template("trade_intent_draft")
    assert template is not None

    problems = problems_of_value(template.settings_schema, {**template.defaults, **settings})

    assert [problem.field for problem in problems] == ([] if field is None else [field])


def test_no_general_code_names_a_field_of_a_type() -> None:
    of_the_platform = {role.value for role in Role} | set(ExchangeAccount.model_fields)
    names = {name for fields in FIELDS.values() for name in fields} - of_the_platform
    folders = [ROOT / "services" / name for name in GENERAL]
    named = {
        f"{path}: {node.value}"
        for path in source_files()
        if any((ROOT / path).is_relative_to(folder) for folder in folders)
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Constant) and node.value in names
    }

    assert named == set()
