"""What a hired agent lacks, what the platform finds in it by role, and what an upgrade asks of its goals."""

from typing import Any
from uuid import uuid4

import pytest

from plant.hired_agents.model import (
    KnownRefs,
    SetGoal,
    misfits,
    missing_in,
)
from tests.unit.plant.agent_types.create import create_definition
from tests.unit.plant.hired_agents.create import CONFIG, EXCHANGE_REF, PLATFORM_REF, REFS, create_instance


@pytest.mark.parametrize(
    ("change", "refs", "expected"),
    [
        ({}, REFS, []),
        ({"account": str(uuid4())}, REFS, ["/account"]),
        ({"account": str(PLATFORM_REF)}, REFS, ["/account"]),
        ({"accounts": {"mastodon": str(EXCHANGE_REF)}}, REFS, ["/accounts/mastodon"]),
        ({}, KnownRefs({}, {}), ["/account", "/accounts/mastodon"]),
        (
            {},
            KnownRefs({EXCHANGE_REF: "kite"}, {PLATFORM_REF: "bluesky"}),
            ["/account", "/accounts/mastodon"],
        ),
        ({"account": None}, REFS, ["/account"]),
        ({"name": ""}, KnownRefs({}, REFS.platform), ["/name", "/account"]),
    ],
)
def test_configuration_lacks_what_schema_and_credentials_say(
    change: dict[str, Any], refs: KnownRefs, expected: list[str]
) -> None:
    missing = missing_in(create_definition(), CONFIG | change, refs=refs)

    assert [one.field for one in missing] == expected


def test_platform_finds_what_it_needs_by_role() -> None:
    instance = create_instance()

    assert (instance.title, instance.timezone, instance.language) == ("Mina", "Asia/Kolkata", None)
    assert instance.exchange_account == EXCHANGE_REF
    assert dict(instance.platform_accounts) == {"mastodon": PLATFORM_REF}


def test_what_is_not_there_yet_is_none() -> None:
    instance = create_instance(name=5, zone=None, account="no reference", accounts="none")

    assert (instance.title, instance.timezone, instance.exchange_account) == (None, "UTC", None)
    assert dict(instance.platform_accounts) == {}


@pytest.mark.parametrize(
    ("template_id", "settings", "field"),
    [
        ("remind", {"subject": "Tea"}, None),
        ("remind", {}, "/subject"),
        ("forget", {"subject": "Tea"}, "template_id"),
    ],
)
def test_goal_fits_a_definition_or_says_why_not(
    template_id: str, settings: dict[str, Any], field: str | None
) -> None:
    found = misfits(SetGoal(uuid4(), template_id, settings), create_definition())

    assert (found and found.problems[0].field) == field
