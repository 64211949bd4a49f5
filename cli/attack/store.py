"""What somebody with the database superuser's rights does to the stored state. All SQL of the attacks is here."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import LiteralString
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Composed, Identifier, Literal

from cli.attack.target import Target

Values = Sequence[object] | Mapping[str, object]

_TEXT_TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
"""

_RECHAIN = """
DO $$
DECLARE r record; previous text := repeat('0', 64); own text; bodied text;
BEGIN
    FOR r IN SELECT * FROM audit_log WHERE customer_id = {customer} ORDER BY seq LOOP
        bodied := encode(sha256(convert_to(r.body, 'UTF8')), 'hex');
        own := encode(sha256(convert_to(concat_ws('|', r.customer_id, r.seq,
            to_char(r.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            r.kind, bodied, previous), 'UTF8')), 'hex');
        UPDATE audit_log SET body_hash = bodied, prev_hash = previous, hash = own
        WHERE customer_id = r.customer_id AND seq = r.seq;
        previous := own;
    END LOOP;
    UPDATE audit_heads SET hash = previous WHERE customer_id = {customer};
END $$
"""

CUT_TAIL: LiteralString = "DELETE FROM audit_log WHERE customer_id = %(customer)s AND seq > 2"
HEAD_BACK: LiteralString = """
UPDATE audit_heads SET seq = 2, hash = (
    SELECT hash FROM audit_log WHERE customer_id = %(customer)s AND seq = 2
) WHERE customer_id = %(customer)s
"""
CUT_CHECKPOINTS: LiteralString = "DELETE FROM audit_checkpoints WHERE customer_id = %(customer)s AND seq > 2"
CUTS: dict[str, tuple[LiteralString, ...]] = {
    "the tail": (CUT_TAIL,),
    "the tail, with the head set back": (CUT_TAIL, HEAD_BACK),
    "the tail, the head and the checkpoints": (CUT_TAIL, HEAD_BACK, CUT_CHECKPOINTS),
    "a row in the middle": ("DELETE FROM audit_log WHERE customer_id = %(customer)s AND seq = 2",),
    "the whole chain": (
        "DELETE FROM audit_log WHERE customer_id = %(customer)s",
        "DELETE FROM audit_heads WHERE customer_id = %(customer)s",
        "DELETE FROM audit_checkpoints WHERE customer_id = %(customer)s",
    ),
    "the order of two rows": (
        "UPDATE audit_log SET seq = 99 WHERE customer_id = %(customer)s AND seq = 2",
        "UPDATE audit_log SET seq = 2 WHERE customer_id = %(customer)s AND seq = 3",
        "UPDATE audit_log SET seq = 3 WHERE customer_id = %(customer)s AND seq = 99",
    ),
}
REWRITE: LiteralString = """
UPDATE audit_log SET body = replace(body, 'credential_unavailable', 'kill_switch')
WHERE customer_id = %(customer)s AND seq = 2
"""
COLUMN_CHANGES: dict[str, LiteralString] = {
    "at": "UPDATE audit_log SET at = at - interval '1 hour' WHERE customer_id = %(customer)s AND seq = 2",
    "kind": "UPDATE audit_log SET kind = 'decision.allowed' WHERE customer_id = %(customer)s AND seq = 2",
    "body": REWRITE,
    "seq": "UPDATE audit_log SET seq = 77 WHERE customer_id = %(customer)s AND seq = 2",
    "owner": "UPDATE audit_log SET customer_id = %(other)s WHERE customer_id = %(customer)s AND seq = 2",
    "record": "UPDATE policy_denials SET reason = 'kill_switch' WHERE customer_id = %(customer)s",
}
AS_RUNTIME: dict[str, LiteralString] = {
    "update": "UPDATE audit_log SET kind = 'x'",
    "delete": "DELETE FROM audit_log",
    "truncate": "TRUNCATE audit_log",
    "delete a denial": "DELETE FROM policy_denials",
    "change a trace": "UPDATE decision_traces SET verdict = 'allow'",
    "cut checkpoints": "DELETE FROM audit_checkpoints",
    "switch row security off": "ALTER TABLE audit_log DISABLE ROW LEVEL SECURITY",
}
CHANGES_OF_TYPES: dict[str, tuple[LiteralString, str]] = {
    "change a published one": (
        "UPDATE agent_types SET definition = '{}' WHERE state <> 'draft'",
        "RaiseException",
    ),
    "delete one": ("DELETE FROM agent_types", "InsufficientPrivilege"),
    "switch the trigger off": (
        "ALTER TABLE agent_types DISABLE TRIGGER keep_published",
        "InsufficientPrivilege",
    ),
}
MADE_UP_ROW: LiteralString = "SELECT append_audit(%(customer)s, 'execution.released', %(body)s)"
ANOTHER_DENIAL: LiteralString = """
UPDATE policy_denials SET decision_id = %(other)s WHERE decision_id = (
    SELECT decision_id FROM policy_denials WHERE customer_id = %(customer)s LIMIT 1)
"""
CUT_RECORDS: LiteralString = """
DELETE FROM policy_denials WHERE customer_id = %(customer)s AND decision_id > (
    SELECT decision_id FROM policy_denials WHERE customer_id = %(customer)s ORDER BY decision_id OFFSET 1 LIMIT 1)
"""


async def alter(target: Target, statement: LiteralString, values: Values) -> int:
    """Run one statement on Plant's database as superuser; return how many rows it changed."""
    return await asyncio.to_thread(_alter, target.database_url("plant"), statement, values)


async def resize_deliverable(target: Target, deliverable_id: str, *, size: str) -> int:
    statement = """
    UPDATE deliverables SET action = jsonb_set(action, '{params,size}', to_jsonb(%s::text)) WHERE deliverable_id = %s
    """
    return await alter(target, statement, [size, deliverable_id])


async def resize_execution(target: Target, execution_id: str, *, size: str) -> int:
    statement = """
    UPDATE executions SET action = jsonb_set(action, '{params,size}', to_jsonb(%s::text)), size = %s::numeric
    WHERE execution_id = %s
    """
    return await alter(target, statement, [size, size, execution_id])


async def rewrite_post(target: Target, deliverable_id: str, field: str, value: str | None) -> int:
    """Change one field of what a stored post says; the provider follows the platform."""
    statement = """
    UPDATE deliverables SET action = jsonb_set(
        CASE %(field)s WHEN 'platform' THEN jsonb_set(action, '{provider}', to_jsonb(%(value)s::text))
            ELSE action END,
        ARRAY['params', %(field)s], coalesce(to_jsonb(%(value)s::text), 'null'))
    WHERE deliverable_id = %(id)s
    """
    return await alter(target, statement, {"field": field, "value": value, "id": deliverable_id})


async def rewrite_execution(target: Target, execution_id: str, *, text: str) -> int:
    statement = """
    UPDATE executions SET action = jsonb_set(action, '{params,text}', to_jsonb(%s::text)) WHERE execution_id = %s
    """
    return await alter(target, statement, [text, execution_id])


async def hasten(target: Target, deliverable_id: str) -> int:
    """Let the stored schedule of a post be over, outside of what was approved."""
    statement = """
    UPDATE deliverables SET scheduled_for = now() - interval '1 minute', publish_after = now() - interval '1 minute'
    WHERE deliverable_id = %s
    """
    return await alter(target, statement, [deliverable_id])


async def reconfigure(target: Target, hired_instance_id: str, field: str, value: str) -> int:
    statement = """
    UPDATE hired_agents SET config = jsonb_set(config, ARRAY[%s], to_jsonb(%s::text)) WHERE hired_instance_id = %s
    """
    return await alter(target, statement, [field, value, hired_instance_id])


async def forget_instance(target: Target, deliverable_id: str) -> int:
    """Let a stored draft be nobody's: no hired agent's switch, plan or life would stop it."""
    statement = """
    UPDATE deliverables SET action = jsonb_set(action, '{hired_instance_id}', 'null'), hired_instance_id = NULL
    WHERE deliverable_id = %s
    """
    return await alter(target, statement, [deliverable_id])


ENDS: dict[str, LiteralString] = {
    "trial_ends_at": "UPDATE subscriptions SET trial_ends_at = now() - interval '1 day' WHERE subscription_id = %s",
    "ends_at": """UPDATE subscriptions SET ends_at = now() - interval '1 hour',
        retained_until = now() + interval '1 hour' WHERE subscription_id = %s""",
    "retained_until": "UPDATE subscriptions SET retained_until = now() WHERE subscription_id = %s",
}


async def end_subscription(target: Target, subscription_id: str, name: str) -> int:
    """As if the time had come."""
    return await alter(target, ENDS[name], [subscription_id])


async def set_due(target: Target, goal_id: str, at: datetime) -> int:
    return await alter(target, "UPDATE goals SET next_due_at = %s WHERE goal_id = %s", [at, goal_id])


async def restate_hashes(target: Target, deliverable_id: str, approval_id: str, *, action_hash: str) -> int:
    """Make the rows agree with a changed action."""
    first = "UPDATE deliverables SET action_hash = %s WHERE deliverable_id = %s"
    second = "UPDATE approvals SET action_hash = %s WHERE approval_id = %s"
    changed = await alter(target, first, [action_hash, deliverable_id])
    return changed + await alter(target, second, [action_hash, approval_id])


async def prolong_approval(target: Target, approval_id: str) -> int:
    statement = """
    UPDATE approvals SET expires_at = now() + interval '1 day', execute_by = now() + interval '1 day'
    WHERE approval_id = %s
    """
    return await alter(target, statement, [approval_id])


async def forget_use(target: Target, approval_id: str) -> int:
    return await alter(
        target, "UPDATE approvals SET consumed_at = NULL WHERE approval_id = %s", [approval_id]
    )


async def forget_revocation(target: Target, approval_id: str) -> int:
    return await alter(target, "UPDATE approvals SET revoked_at = NULL WHERE approval_id = %s", [approval_id])


async def forget_snapshots(target: Target, customer_id: UUID) -> int:
    """Let the platform forget what it last read of the customer's accounts, as if that were long ago."""
    return await alter(target, "DELETE FROM account_snapshots WHERE customer_id = %s", [customer_id])


async def try_as_runtime(target: Target, statement: LiteralString) -> str:
    """What PostgreSQL says when Plant's own role tries it: `allowed`, or the name of the error."""
    return await asyncio.to_thread(_try_as_runtime, target.database_url("plant"), statement)


async def audit_kinds(target: Target, customer_id: UUID) -> dict[str, str]:
    """Shape: from an execution's id to the kinds of its audit rows, in order."""
    statement = """
    SELECT body::jsonb ->> 'execution_id', string_agg(kind, ', ' ORDER BY seq) FROM audit_log
    WHERE customer_id = %s AND kind LIKE 'execution.%%' GROUP BY 1
    """
    rows = await asyncio.to_thread(_fetch, target.database_url("plant"), statement, (customer_id,))
    return {str(row[0]): str(row[1]) for row in rows}


async def checkpoint_reach(target: Target, customer_id: UUID) -> int:
    """Up to which seq the customer's chain is covered by a signed checkpoint."""
    statement = "SELECT coalesce(max(seq), 0) FROM audit_checkpoints WHERE customer_id = %s"
    rows = await asyncio.to_thread(_fetch, target.database_url("plant"), statement, (customer_id,))
    return int(str(rows[0][0]))


async def tables_containing(target: Target, text: str) -> list[str]:
    """Look through every row of every table of the three databases."""
    found = [
        asyncio.to_thread(_tables_containing, target.database_url(n), text) for n in ("cp", "pp", "plant")
    ]
    return [name for names in await asyncio.gather(*found) for name in names]


def _alter(url: str, statement: LiteralString, values: Values) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(statement, values).rowcount


def _fetch(url: str, statement: LiteralString, values: Values) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(statement, values).fetchall()


def _try_as_runtime(url: str, statement: LiteralString) -> str:
    with psycopg.connect(url) as connection:
        connection.execute("SET LOCAL ROLE plant_runtime")
        connection.execute("SELECT set_config('app.actor', 'service:attacker', true)")
        try:
            connection.execute(statement)
        except psycopg.Error as error:
            return type(error).__name__
        finally:
            connection.rollback()
    return "allowed"


def _tables_containing(url: str, text: str) -> list[str]:
    found: list[str] = []
    with psycopg.connect(url, autocommit=True) as connection:
        for schema, table in connection.execute(_TEXT_TABLES).fetchall():
            query = SQL("SELECT 1 FROM {} t WHERE strpos(t::text, %s) > 0 LIMIT 1").format(
                Identifier(str(schema), str(table))
            )
            if connection.execute(query, [text]).fetchone():
                found.append(f"{connection.info.dbname}.{table}")
    return found


async def rechain(target: Target, customer_id: UUID) -> None:
    """Hash the customer's whole audit chain anew, as whoever knows how the hashes are made can do."""
    statement = SQL(_RECHAIN).format(customer=Literal(str(customer_id)))
    await asyncio.to_thread(_run, target.database_url("plant"), statement)


def _run(url: str, statement: Composed) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
