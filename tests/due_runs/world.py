"""Plant's database with many goals that become due, of agents of a made-up type, and no service but its workers."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from cli.stack.databases import Databases, close_databases, open_databases
from cli.stack.home import Home, make_home
from cli.stack.keys import make_missing_keys
from cli.stack.migrate import migrate
from cli.stack.ports import free_ports
from cli.stack.settings import StackSettings
from shared.ids import uuid7
from tests.databases import temporary_home

TYPE = "test.reminding.v1"
DEFINITION: dict[str, Any] = {
    "agent_type_id": TYPE,
    "display_name": "Reminder",
    "summary": "Reminds.",
    "agent_kind": "test",
    "config_schema": {
        "type": "object",
        "additionalProperties": False,
        "properties": {"nickname": {"type": "string"}, "timezone": {"type": "string"}},
    },
    "roles": {"title": "/nickname", "timezone": "/timezone"},
    "goal_templates": [
        {
            "template_id": "remind",
            "display_name": "Remind",
            "summary": "Reminds.",
            "frequencies": ["daily", "on_demand"],
            "settings_schema": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"subject": {"type": "string"}},
            },
            "skill_binding": "general.reminder.v1",
        }
    ],
    "enforcement": {"approval": "per_post", "deterministic": True, "plans": {"standard": {}}},
}
_INSERT_TYPE = """
INSERT INTO agent_types (agent_type_id, version, state, definition, content_hash, changed_by, published_at)
VALUES ($1, 1, 'published', $2, 'test', 'service:test', now())
"""
_INSERT_AGENTS = """
WITH made AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS m (customer_id, subscription_id, hired_instance_id)
), entitled AS (
    INSERT INTO entitlements (customer_id, plan) SELECT customer_id, 'standard' FROM made
), subscribed AS (
    INSERT INTO subscriptions (subscription_id, customer_id, agent_type_id, plan, version)
    SELECT subscription_id, customer_id, $4, 'standard', 1 FROM made RETURNING subscription_id
)
INSERT INTO hired_agents
    (hired_instance_id, customer_id, subscription_id, agent_type_id, agent_type_version, config, state)
SELECT hired_instance_id, customer_id, subscription_id, $4, 1, $5, 'active'
FROM made JOIN subscribed USING (subscription_id)
"""
_INSERT_GOALS = """
INSERT INTO goals (goal_id, customer_id, hired_instance_id, template_id, frequency, time_of_day, timezone, settings,
    next_due_at)
SELECT gen_random_uuid(), a.customer_id, a.hired_instance_id, 'remind', 'daily', $1, 'UTC',
    '{"subject": "the rent"}', $2::timestamptz + random() * $3::interval
FROM (SELECT customer_id, hired_instance_id, row_number() OVER () AS number, count(*) OVER () AS agents
      FROM hired_agents) a
CROSS JOIN LATERAL generate_series(1, ($4::int + a.agents - a.number) / a.agents) n
"""
_VERDICT = """
SELECT
    (SELECT count(*) FROM goals) AS goals,
    (SELECT count(*) FROM goal_runs) AS runs,
    (SELECT count(*) FROM goal_runs WHERE state = 'done') AS done,
    (SELECT count(DISTINCT goal_id) FROM goal_runs) AS goals_run,
    (SELECT count(*) FROM deliverables) AS deliverables,
    (SELECT count(DISTINCT goal_run_id) FROM deliverables) AS runs_delivered,
    (SELECT count(*) FROM usage_events WHERE kind = 'goal_run') AS tasks_metered,
    (SELECT coalesce(sum(tasks), 0)::int FROM instance_usage) AS tasks_of_agents,
    (SELECT count(*) FROM notifications) AS notifications,
    (SELECT count(*) FROM audit_log WHERE kind = 'deliverable.drafted') AS audit_rows,
    (SELECT count(*) FROM goal_runs WHERE attempts > 1) AS tried_again,
    (SELECT coalesce(max(attempts), 0) FROM goal_runs) AS most_attempts
"""
_EACH_ONCE = (
    "runs",
    "done",
    "goals_run",
    "deliverables",
    "runs_delivered",
    "tasks_metered",
    "tasks_of_agents",
    "notifications",
    "audit_rows",
)


@dataclass(frozen=True, slots=True)
class World:
    """`admin` is a superuser on Plant's database."""

    home: Home
    settings: StackSettings
    databases: Databases
    admin: asyncpg.Connection


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was counted, by name. Each of `_EACH_ONCE` must be the number of goals."""

    counted: dict[str, int]

    @property
    def wrong(self) -> dict[str, int]:
        return {
            name: self.counted[name] for name in _EACH_ONCE if self.counted[name] != self.counted["goals"]
        }


@asynccontextmanager
async def running_world() -> AsyncGenerator[World]:
    with temporary_home() as root:
        settings = StackSettings(home=root, postgres_port=free_ports(1)[0])
        home = make_home(root)
        make_missing_keys(home.keys, trust_file=home.trust_file)
        databases = open_databases(settings, home=home)
        try:
            migrate(databases.urls.owner)
            assert databases.server is not None
            parts = urlsplit(databases.server.admin_url)
            admin = await asyncpg.connect(
                urlunsplit(parts._replace(path="/plant")),
                server_settings={"search_path": "public,procrastinate"},
            )
            try:
                yield World(home, settings, databases, admin)
            finally:
                await admin.close()
        finally:
            close_databases(databases)


async def add_agents(admin: asyncpg.Connection, *, count: int) -> None:
    await admin.execute(_INSERT_TYPE, TYPE, json.dumps(DEFINITION))
    ids = [[uuid7() for _ in range(count)] for _ in range(3)]
    config = json.dumps({"nickname": "Reminder", "timezone": "UTC"})
    await admin.execute(_INSERT_AGENTS, *ids, TYPE, config)


async def add_goals(admin: asyncpg.Connection, *, count: int, first_due: datetime, within: timedelta) -> None:
    """Goals that become due from then on, and after that at a time of day that is far away."""
    far_away = (datetime.now(UTC) + timedelta(hours=12)).time().replace(second=0, microsecond=0)
    await admin.execute(_INSERT_GOALS, far_away, first_due, within, count)


async def count_all(admin: asyncpg.Connection) -> Verdict:
    row = await admin.fetchrow(_VERDICT)
    assert row is not None
    return Verdict(dict(row))
