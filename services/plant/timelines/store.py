"""Reading, for operators, of all tables that record something under a correlation id or of a hired agent."""

from typing import LiteralString
from uuid import UUID

from shared.contracts.timelines import TimelineEntry
from shared.db import OversightSession

# What a timeline is of: the correlation ids, the drafts, executions and runs that belong to it.
OF_CORRELATION: LiteralString = """
WITH execs AS (SELECT * FROM executions WHERE correlation_id = $1 LIMIT $2),
drafts AS (
    SELECT * FROM deliverables WHERE correlation_id = $1
    UNION SELECT * FROM deliverables WHERE deliverable_id IN (SELECT deliverable_id FROM execs)
    LIMIT $2
),
goal_work AS (SELECT * FROM goal_runs WHERE correlation_id = $1 LIMIT $2),
correlations AS (SELECT $1::uuid AS correlation_id)
"""
OF_AGENT: LiteralString = """
WITH execs AS (SELECT * FROM executions WHERE hired_instance_id = $1 ORDER BY execution_id DESC LIMIT $2),
drafts AS (SELECT * FROM deliverables WHERE hired_instance_id = $1 ORDER BY deliverable_id DESC LIMIT $2),
goal_work AS (SELECT * FROM goal_runs WHERE hired_instance_id = $1 ORDER BY run_id DESC LIMIT $2),
correlations AS (
    SELECT correlation_id FROM execs UNION SELECT correlation_id FROM drafts
    UNION SELECT correlation_id FROM goal_work
    UNION SELECT (body::jsonb ->> 'correlation_id')::uuid FROM audit_log
    WHERE customer_id = (SELECT customer_id FROM hired_agents WHERE hired_instance_id = $1)
      AND strpos(body, $1::text) > 0
)
"""
_ENTRIES: LiteralString = """
, approved AS (
    SELECT * FROM approvals WHERE deliverable_id IN (SELECT deliverable_id FROM drafts)
    UNION SELECT * FROM approvals WHERE approval_id IN (SELECT approval_id FROM execs)
),
customers AS (
    SELECT customer_id FROM drafts UNION SELECT customer_id FROM execs UNION SELECT customer_id FROM goal_work
    UNION SELECT customer_id FROM policy_denials WHERE correlation_id IN (SELECT correlation_id FROM correlations)
    UNION SELECT customer_id FROM usage_events WHERE correlation_id IN (SELECT correlation_id FROM correlations)
    UNION SELECT customer_id FROM decision_traces WHERE correlation_id IN (SELECT correlation_id FROM correlations)
),
audited AS (
    SELECT a.*, a.body::jsonb AS said FROM audit_log a
    WHERE a.customer_id IN (SELECT customer_id FROM customers)
      AND (a.body::jsonb ->> 'correlation_id')::uuid IN (SELECT correlation_id FROM correlations)
),
entries (at, record, event, subject_id, customer_id, correlation_id, facts) AS (
    SELECT at, 'usage_event', kind, event_id::text, customer_id, correlation_id,
        details || jsonb_build_object('quantity', quantity, 'cost', cost::text, 'action_kind', action_kind)
    FROM usage_events WHERE correlation_id IN (SELECT correlation_id FROM correlations)
    UNION ALL
    SELECT at, 'policy_denial', reason, decision_id::text, customer_id, correlation_id,
        details || jsonb_build_object('stage', stage, 'risk_codes', risk_codes, 'action_kind', action_kind)
    FROM policy_denials WHERE correlation_id IN (SELECT correlation_id FROM correlations)
    UNION ALL
    SELECT at, 'decision_trace', verdict, trace_id::text, customer_id, correlation_id,
        jsonb_build_object('reason', reason, 'explanation', explanation, 'action_hash', action_hash)
    FROM decision_traces WHERE correlation_id IN (SELECT correlation_id FROM correlations)
    UNION ALL
    SELECT at, 'audit_row', kind, seq::text, customer_id, (said ->> 'correlation_id')::uuid, said FROM audited
    UNION ALL
    SELECT created_at, 'goal_run', 'created', run_id::text, customer_id, correlation_id,
        jsonb_build_object('goal_id', goal_id, 'due_at', due_at, 'hired_instance_id', hired_instance_id)
    FROM goal_work
    UNION ALL
    SELECT ended_at, 'goal_run', state, run_id::text, customer_id, correlation_id,
        jsonb_build_object('goal_id', goal_id, 'attempts', attempts, 'error', error)
    FROM goal_work WHERE ended_at IS NOT NULL
    UNION ALL
    SELECT t.at, 'deliverable', t.state, d.deliverable_id::text, d.customer_id, d.correlation_id,
        jsonb_build_object('actor', t.actor, 'kind', d.kind, 'title', d.title, 'action_hash', d.action_hash)
    FROM drafts d JOIN deliverable_transitions t USING (deliverable_id)
    UNION ALL
    SELECT received_at, 'approval', 'received', approval_id::text, customer_id, NULL,
        jsonb_build_object('issuer', issuer, 'approver', approver, 'action_hash', action_hash,
            'deliverable_id', deliverable_id, 'expires_at', expires_at)
    FROM approved
    UNION ALL
    SELECT revoked_at, 'approval', 'revoked', approval_id::text, customer_id, NULL, '{}' FROM approved
    WHERE revoked_at IS NOT NULL
    UNION ALL
    SELECT consumed_at, 'approval', 'used', approval_id::text, customer_id, NULL, '{}' FROM approved
    WHERE consumed_at IS NOT NULL
    UNION ALL
    SELECT v.at, 'execution', v.state, e.execution_id::text, e.customer_id, e.correlation_id,
        jsonb_build_object('detail', v.detail, 'kind', e.kind, 'provider', e.provider,
            'client_order_id', e.client_order_id, 'approval_id', e.approval_id)
    FROM execs e JOIN execution_events v USING (execution_id)
    UNION ALL
    SELECT at, 'kill_switch', CASE WHEN engaged THEN 'engaged' ELSE 'released' END, scope, NULL, correlation_id,
        jsonb_build_object('actor', actor, 'reason', reason)
    FROM kill_switch_changes WHERE correlation_id IN (SELECT correlation_id FROM correlations)
    UNION ALL
    SELECT at, 'operator_access', purpose, NULL, NULL, correlation_id, jsonb_build_object('actor', actor)
    FROM operator_access WHERE correlation_id IN (SELECT correlation_id FROM correlations)
)
SELECT * FROM entries ORDER BY at, record, event LIMIT $2
"""


async def load_entries(
    session: OversightSession, of: LiteralString, subject: UUID, *, limit: int
) -> list[TimelineEntry]:
    """Oldest first. `of` is OF_CORRELATION or OF_AGENT."""
    rows = await session.connection.fetch(of + _ENTRIES, subject, limit)
    return [TimelineEntry.model_validate({"service": "plant", **dict(row)}) for row in rows]
