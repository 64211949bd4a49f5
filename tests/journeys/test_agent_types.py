"""Authoring agent types on the platform portal, and hiring one that was made up there: no line of code."""

import copy
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio

from tests.actors import demo_operator
from tests.authoring import broken, made_up, published, put_draft
from tests.denied import Scene
from tests.hiring import MARKETING, TRADING, Hirer, hirer_of
from tests.stack import Stack
from tests.stored import superuser

SEEDS = Path(__file__).parents[2] / "services" / "plant" / "agent_types" / "definitions"


@pytest_asyncio.fixture(scope="module")
async def viewer(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    async with demo_operator(stack, "viewer") as operator:
        yield operator.http


@pytest_asyncio.fixture(scope="module")
async def hirer(scene: Scene) -> AsyncIterator[Hirer]:
    yield hirer_of(scene)


@pytest.mark.parametrize("agent_type_id", [TRADING, MARKETING])
async def test_seeded_types_are_offered_as_they_are_in_the_files(scene: Scene, agent_type_id: str) -> None:
    seed = json.loads((SEEDS / f"{agent_type_id}.json").read_text())

    listed = (await scene.http.get("/api/v1/agent-types", params={"limit": 200})).json()["items"]
    one = (await scene.http.get(f"/api/v1/agent-types/{agent_type_id}")).json()

    assert one in listed
    assert (one["state"], one["version"]) == ("published", 1)
    assert one["definition"]["config_schema"] == seed["config_schema"]
    assert [known["template_id"] for known in one["definition"]["goal_templates"]] == [
        known["template_id"] for known in seed["goal_templates"]
    ]


async def test_type_made_up_by_an_operator_is_hired_and_configured(scene: Scene, hirer: Hirer) -> None:
    definition = made_up()
    agent_type = await published(scene.operator.http, definition)
    assert (agent_type["version"], agent_type["state"]) == (1, "published")

    subscription = await hirer.hire(definition["agent_type_id"])
    nobody = await hirer.draft(subscription, {"name": "nobody", "zone": "Europe/Berlin"})
    assert nobody["missing"] == [{"field": "/name", "message": "must be somebody"}]
    drafted = await hirer.draft(nobody, {"name": "Mina", "zone": "Europe/Berlin"}, version=nobody["version"])
    agent = await hirer.act(drafted, "finalize", version=drafted["version"])

    assert (agent["nickname"], agent["state"], agent["configured"]) == ("Mina", "active", True)
    assert agent["config"] == {"name": "Mina", "zone": "Europe/Berlin", "quiet": False}
    assert (subscription["task_limit"], subscription["budget_limit"]) == (10, "1")


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("config_schema.type", "objekt", "config_schema.type"),
        ("config_schema.additionalProperties", True, "config_schema"),
        (
            "config_schema.properties.name",
            {"$ref": "https://example.test/x"},
            "config_schema.properties.name.$ref",
        ),
        ("config_schema.properties.name.pattern", "(", "config_schema"),
        (
            "config_schema.properties.name.x-credential",
            {"kind": "bank"},
            "config_schema.properties.name.x-credential",
        ),
        ("roles.title", "/nickname", "roles.title"),
        ("roles.timezone", "/name", "roles.timezone"),
        ("roles.exchange_account", "/name", "roles.exchange_account"),
        ("roles.platform_accounts", "/name", "roles.platform_accounts"),
        ("roles", {"title": "/name"}, "roles.timezone"),
        ("rules.0.condition", "inputs.config.nome != 'x'", "rules[0].condition"),
        ("rules.0.condition", "inputs.config.name.map(x, x)", "rules[0].condition"),
        ("rules.0.condition", "inputs.config.name ==", "rules[0].condition"),
        ("rules.0.field", "/nome", "rules[0].field"),
        ("goal_templates.0.skill_binding", "office.nothing.v1", "goal_templates[0].skill_binding"),
        ("goal_templates.0.defaults", {"subjekt": "Tea"}, "goal_templates[0].defaults.subjekt"),
        ("goal_templates.0.defaults", {"subject": 5}, "goal_templates[0].defaults.subject"),
        ("goal_templates.0.settings_schema.type", "array", "goal_templates[0].settings_schema"),
        ("goal_templates.0.reads", ["everything"], "goal_templates[0].reads"),
        ("goal_templates.0.frequencies", ["daily", "daily"], "goal_templates[0].frequencies"),
        ("patterns.0.steps.0.use", "general.nothing", "patterns[0].steps.0.use"),
        ("patterns.0.pattern_id", "trading.guardrail_report.v1", "patterns[0].pattern_id"),
    ],
)
async def test_invalid_definition_is_not_published_and_says_why(
    scene: Scene, path: str, value: Any, field: str
) -> None:
    definition, http = broken(path, value), scene.operator.http

    report = (await http.post("/api/pp/agent-types/validate", json=definition)).json()
    assert (await put_draft(http, definition)).status_code == 200
    refused = await http.post(f"/api/pp/agent-types/{definition['agent_type_id']}/publish")

    assert report["valid"] is False
    assert field in {problem["field"] for problem in report["problems"]}
    assert (refused.status_code, refused.json()["reason"]) == (422, "definition_invalid")
    assert refused.json()["errors"] == report["problems"]
    assert (await scene.http.get(f"/api/v1/agent-types/{definition['agent_type_id']}")).status_code == 404


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("goal_templates.0.frequencies", [], "goal_templates[0].frequencies"),
        ("goal_templates.0.frequencies", ["hourly"], "goal_templates[0].frequencies[0]"),
        ("enforcement.plans", {}, "enforcement.plans"),
        ("extra", 1, "extra"),
    ],
)
async def test_definition_of_another_shape_is_not_even_a_draft(
    scene: Scene, path: str, value: Any, field: str
) -> None:
    definition, http = broken(path, value), scene.operator.http

    report = (await http.post("/api/pp/agent-types/validate", json=definition)).json()
    refused = await put_draft(http, definition)

    assert {problem["field"] for problem in report["problems"]} == {field}
    assert refused.status_code == 422


async def test_published_version_never_changes(scene: Scene) -> None:
    definition, http = made_up(), scene.operator.http
    first = await published(http, definition)

    second = await published(http, definition | {"summary": "Another summary."})

    found = await scene.http.get(f"/api/v1/agent-types/{definition['agent_type_id']}", params={"version": 1})
    assert (second["version"], found.json()) == (2, first)
    assert second["content_hash"] != first["content_hash"]
    async with superuser(scene.stack, "plant") as connection:
        for change in ("definition = '{}'", "content_hash = 'x'", "published_at = now()"):
            with pytest.raises(asyncpg.RaiseError, match="immutable"):
                await connection.execute(
                    f"UPDATE agent_types SET {change} WHERE agent_type_id = $1 AND version = 1",  # noqa: S608  constants
                    definition["agent_type_id"],
                )


async def test_retired_version_is_not_hired_any_more_and_who_has_it_keeps_it(
    scene: Scene, hirer: Hirer
) -> None:
    definition, http = made_up(), scene.operator.http
    await published(http, definition)
    subscription = await hirer.hire(definition["agent_type_id"])
    drafted = await hirer.draft(subscription, {"name": "Mina", "zone": "UTC"})
    path = f"/api/pp/agent-types/{definition['agent_type_id']}/versions/1/retire"

    retired = await http.post(path)

    assert (retired.status_code, retired.json()["state"]) == (200, "retired")
    assert (await http.post(path)).status_code == 409
    body = {"agent_type_id": definition["agent_type_id"], "plan": "trial"}
    await hirer.sent("POST", "/api/cp/subscriptions", body, status=422)
    assert (await hirer.act(drafted, "finalize", version=drafted["version"]))["configured"] is True


async def test_upgrade_reports_what_is_missing_and_moves_when_it_is_there(scene: Scene, hirer: Hirer) -> None:
    definition, http = made_up(), scene.operator.http
    await published(http, definition)
    drafted = await hirer.draft(
        await hirer.hire(definition["agent_type_id"]), {"name": "Mina", "zone": "UTC"}
    )
    agent = await hirer.act(drafted, "finalize", version=drafted["version"])
    newer = copy.deepcopy(definition)
    schema = newer["config_schema"]
    del schema["properties"]["quiet"]
    schema["properties"]["tone"] = {"type": "string", "title": "Tone", "enum": ["kind", "curt"]}
    schema["required"].append("tone")
    await published(http, newer)

    report = await hirer.get(f"/api/v1/hired-agents/{agent['hired_instance_id']}/upgrade")
    wanted = {"version": agent["version"], "agent_type_version": 2}
    refused = await hirer.act(agent, "upgrade", **wanted, status=422)
    config = {"name": "Mina", "zone": "UTC", "tone": "kind"}
    upgraded = await hirer.act(agent, "upgrade", **wanted, config=config)

    assert {
        name: report[name]
        for name in ("from_version", "to_version", "ready", "added_fields", "removed_fields")
    } == {
        "from_version": 1,
        "to_version": 2,
        "ready": False,
        "added_fields": ["tone"],
        "removed_fields": ["quiet"],
    }
    assert report["missing"] == [{"field": "/tone", "message": "is missing"}]
    assert [error["field"] for error in refused["errors"]] == ["/tone"]
    assert (upgraded["agent_type_version"], upgraded["config"], upgraded["state"]) == (2, config, "active")


async def test_viewers_read_and_only_admins_write(scene: Scene, viewer: httpx.AsyncClient) -> None:
    definition = made_up()
    await published(scene.operator.http, definition)
    path = f"/api/pp/agent-types/{definition['agent_type_id']}"

    assert (await viewer.get("/api/pp/agent-types", params={"limit": 1})).json()["next_cursor"]
    assert (await viewer.get(path)).status_code == 200
    async with demo_operator(scene.stack, "operator") as operator:
        assert (await operator.http.post("/api/pp/agent-types/validate", json=definition)).json()[
            "valid"
        ] is True
        for http in (viewer, operator.http):
            assert (await put_draft(http, definition)).status_code == 403
            assert (await http.post(f"{path}/publish")).status_code == 403
            assert (await http.post(f"{path}/versions/1/retire")).status_code == 403
    assert (await scene.http.get("/api/pp/agent-types")).status_code == 404


async def test_versions_are_listed_in_pages_with_drafts(scene: Scene) -> None:
    definition, http = made_up(), scene.operator.http
    for summary in ("one", "two"):
        await published(http, definition | {"summary": summary})
    await put_draft(http, definition | {"summary": "three"})
    query = {"agent_type_id": definition["agent_type_id"], "limit": "2"}

    first = (await http.get("/api/pp/agent-types", params=query)).json()
    rest = (await http.get("/api/pp/agent-types", params=query | {"cursor": first["next_cursor"]})).json()

    found = [(one["version"], one["state"]) for one in (*first["items"], *rest["items"])]
    assert found == [(3, "draft"), (2, "published"), (1, "published")]
    assert rest["next_cursor"] is None


async def test_what_operators_change_is_recorded(scene: Scene) -> None:
    definition = made_up()
    await published(scene.operator.http, definition)
    path = f"agent-types/{definition['agent_type_id']}/publish"

    async with superuser(scene.stack, "pp") as pp, superuser(scene.stack, "plant") as plant:
        asked = await pp.fetchval("SELECT count(*) FROM operator_actions WHERE path = $1", f"/api/pp/{path}")
        done = await plant.fetchval(
            "SELECT count(*) FROM operator_access WHERE purpose = $1", f"/internal/v1/{path}"
        )

    assert (asked, done) == (1, 1)
