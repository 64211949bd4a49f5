"""Tables of evidence: denials, usage, decision traces, the audit log. Rows are added, never changed."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from plant.evidence.audit_chain import ChainRow, Checkpoint, Recorded
from plant.evidence.model import Denial, EvidenceFilter, JsonObject, Subject, Trace, Usage
from shared.contracts.evidence import (
    AuditHead,
    AuditRow,
    DecisionTrace,
    ExportedCheckpoint,
    ExportedRow,
    PolicyDenial,
    UsageEvent,
)
from shared.db import Lookup, OversightSession, Row, Session
from shared.ids import CustomerId, ExecutionId, uuid7
from shared.paging import Page

_INSERT_DENIAL = """
INSERT INTO policy_denials
    (decision_id, correlation_id, customer_id, agent_id, action_kind, reason, risk_codes, stage, details)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (decision_id) DO NOTHING
"""
_INSERT_TRACE = """
INSERT INTO decision_traces
    (trace_id, correlation_id, customer_id, agent_id, action_kind, action_hash, verdict, reason,
     inputs, decision, explanation, execution_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
_INSERT_ALLOW = f"""
WITH trace AS ({_INSERT_TRACE}), event AS (
    INSERT INTO usage_events
        (event_id, correlation_id, customer_id, agent_id, kind, action_kind, quantity, cost, details)
    VALUES ($13, $2, $3, $4, $14, $5, $15, $16, $17)
), total AS (
    INSERT INTO usage_totals VALUES ($3, date_trunc('month', now() AT TIME ZONE 'UTC')::date, $15, $16)
    ON CONFLICT (customer_id, month)
    DO UPDATE SET tasks = usage_totals.tasks + excluded.tasks, cost = usage_totals.cost + excluded.cost
    RETURNING customer_id
)
SELECT append_audit(customer_id, $18, $19) FROM total
"""  # noqa: S608  constants
_FILTER = """
WHERE ($1::uuid IS NULL OR customer_id = $1) AND ($2::uuid IS NULL OR correlation_id = $2)
  AND ($3::text IS NULL OR agent_id = $3) AND ($4::text IS NULL OR action_kind = $4)
  AND ($5::text IS NULL OR {reason} = $5)
  AND ($6::timestamptz IS NULL OR at >= $6) AND ($7::timestamptz IS NULL OR at < $7)
  AND ($8::uuid IS NULL OR {key} < $8)
ORDER BY {key} DESC LIMIT $9
"""
_TRACES = """
SELECT t.*, (
    SELECT o.outcome FROM trace_outcomes o WHERE o.execution_id = t.execution_id ORDER BY o.at DESC LIMIT 1
) AS outcome
FROM decision_traces t
"""


async def insert_denial(session: Session, denial: Denial, *, subject: Subject) -> bool:
    """Return False when it is stored already."""
    tag = await session.connection.execute(
        _INSERT_DENIAL,
        denial.decision_id,
        subject.correlation_id,
        subject.customer_id,
        subject.agent_id,
        subject.action_kind,
        denial.reason.value,
        list(denial.risk_codes),
        denial.stage,
        {"detail": denial.detail, "action_hash": subject.action_hash, **denial.details},
    )
    return tag == "INSERT 0 1"


async def insert_trace(session: Session, trace: Trace, *, subject: Subject) -> None:
    await session.connection.execute(_INSERT_TRACE, *_trace_values(trace, subject))


async def insert_allow(
    session: Session, trace: Trace, *, subject: Subject, usage: Usage, kind: str, body: JsonObject
) -> None:
    """Add the trace, what was used, and the audit row, in one statement."""
    await session.connection.execute(
        _INSERT_ALLOW,
        *_trace_values(trace, subject),
        uuid7(),
        usage.kind,
        usage.quantity,
        usage.cost,
        dict(usage.details),
        kind,
        _audit_text(body),
    )


async def insert_outcome(
    session: Session, outcome: JsonObject, *, customer_id: CustomerId, execution_id: ExecutionId
) -> None:
    await session.connection.execute(
        "INSERT INTO trace_outcomes (customer_id, execution_id, outcome) VALUES ($1, $2, $3)",
        customer_id,
        execution_id,
        dict(outcome),
    )


async def append_audit(session: Session, *, customer_id: CustomerId, kind: str, body: JsonObject) -> int:
    return await session.connection.fetchval(
        "SELECT append_audit($1, $2, $3)", customer_id, kind, _audit_text(body)
    )


async def list_denials(session: Session, wanted: EvidenceFilter) -> list[PolicyDenial]:
    sql = f"SELECT * FROM policy_denials {_FILTER.format(reason='reason', key='decision_id')}"  # noqa: S608  constants
    rows = await session.connection.fetch(sql, *_values(wanted))
    return [PolicyDenial.model_validate(dict(row)) for row in rows]


async def list_usage(session: Session, wanted: EvidenceFilter) -> list[UsageEvent]:
    sql = f"SELECT * FROM usage_events {_FILTER.format(reason='kind', key='event_id')}"  # noqa: S608  constants
    rows = await session.connection.fetch(sql, *_values(wanted))
    return [UsageEvent.model_validate({k: v for k, v in row.items() if k != "cost"}) for row in rows]


async def list_traces(session: Session, wanted: EvidenceFilter) -> list[DecisionTrace]:
    inner = f"(SELECT * FROM decision_traces {_FILTER.format(reason='reason', key='trace_id')})"  # noqa: S608  constants
    sql = _TRACES.replace("decision_traces", inner) + " ORDER BY trace_id DESC"
    rows = await session.connection.fetch(sql, *_values(wanted))
    return [_to_trace(row) for row in rows]


async def find_trace(session: Session, trace_id: UUID) -> DecisionTrace | None:
    row = await session.connection.fetchrow(f"{_TRACES} WHERE trace_id = $1", trace_id)
    return _to_trace(row) if row else None


async def list_audit(
    session: Session, *, customer_id: CustomerId, before: int | None, limit: int
) -> list[AuditRow]:
    sql = """
    SELECT * FROM audit_log WHERE customer_id = $1 AND ($2::bigint IS NULL OR seq < $2) ORDER BY seq DESC LIMIT $3
    """
    rows = await session.connection.fetch(sql, customer_id, before, limit)
    return [AuditRow.model_validate({**row, "body": json.loads(row["body"])}) for row in rows]


async def load_chain(
    session: Session, customer_id: CustomerId
) -> tuple[list[ChainRow], list[Checkpoint], int]:
    """Read the chain with its head held, so that nothing is added between one look and the next."""
    head = await session.connection.fetchval(
        "SELECT seq FROM audit_heads WHERE customer_id = $1 FOR SHARE", customer_id
    )
    rows = await session.connection.fetch(
        "SELECT * FROM audit_log WHERE customer_id = $1 ORDER BY seq", customer_id
    )
    marks = await session.connection.fetch(
        "SELECT seq, statement FROM audit_checkpoints WHERE customer_id = $1 ORDER BY seq", customer_id
    )
    chain = [ChainRow(**dict(row)) for row in rows]
    return chain, [Checkpoint(mark["seq"], mark["statement"]) for mark in marks], head or 0


async def export_rows(
    session: Session, customer_id: CustomerId, *, after: int, limit: int
) -> tuple[list[ExportedRow], list[ExportedCheckpoint], int]:
    """Read rows after a seq, oldest first, the checkpoints among them, and the head's seq."""
    head = await session.connection.fetchval(
        "SELECT seq FROM audit_heads WHERE customer_id = $1", customer_id
    )
    rows = await session.connection.fetch(
        "SELECT * FROM audit_log WHERE customer_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
        customer_id,
        after,
        limit,
    )
    last = rows[-1]["seq"] if rows else after
    marks = await session.connection.fetch(
        "SELECT customer_id, seq, statement FROM audit_checkpoints"
        " WHERE customer_id = $1 AND seq > $2 AND (seq <= $3 OR $4) ORDER BY seq",
        customer_id,
        after,
        last,
        len(rows) < limit,
    )
    return (
        [ExportedRow.model_validate(dict(row)) for row in rows],
        [ExportedCheckpoint.model_validate(dict(mark)) for mark in marks],
        head or 0,
    )


async def load_recorded(session: Session, customer_id: CustomerId) -> frozenset[Recorded]:
    """Requires: the transaction that holds the chain's head."""
    sql = """
    SELECT 'decision.denied' AS kind, decision_id::text AS subject, reason FROM policy_denials WHERE customer_id = $1
    UNION ALL SELECT 'execution.released', execution_id::text, '' FROM executions WHERE customer_id = $1
    """
    return frozenset(Recorded(*row) for row in await session.connection.fetch(sql, customer_id))


async def heads_without_checkpoint(session: OversightSession) -> Sequence[tuple[CustomerId, int, str]]:
    sql = """
    SELECT h.customer_id, h.seq, h.hash FROM audit_heads h
    WHERE NOT EXISTS (SELECT 1 FROM audit_checkpoints c WHERE c.customer_id = h.customer_id AND c.seq = h.seq)
    """
    rows = await session.connection.fetch(sql)
    return [(CustomerId(row["customer_id"]), row["seq"], row["hash"]) for row in rows]


async def list_heads(session: OversightSession, *, page: Page) -> list[AuditHead]:
    rows = await session.connection.fetch(
        "SELECT * FROM audit_heads WHERE $1::uuid IS NULL OR customer_id < $1 ORDER BY customer_id DESC LIMIT $2",
        page.before,
        page.fetch_limit,
    )
    return [AuditHead.model_validate(dict(row)) for row in rows]


async def insert_checkpoint(
    session: Session, *, customer_id: CustomerId, seq: int, head_hash: str, statement: str
) -> None:
    await session.connection.execute(
        "INSERT INTO audit_checkpoints (customer_id, seq, hash, statement) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT DO NOTHING",
        customer_id,
        seq,
        head_hash,
        statement,
    )


def usage_this_month(customer_id: CustomerId) -> Lookup[tuple[int, Decimal]]:
    """Units: tasks, and cost in USD."""
    return Lookup(
        "SELECT ROW(tasks, cost) FROM usage_totals"
        " WHERE customer_id = $1 AND month = date_trunc('month', now() AT TIME ZONE 'UTC')::date",
        (customer_id,),
        lambda row: tuple(row) if row else (0, Decimal(0)),
    )


async def insert_operator_access(session: OversightSession, *, purpose: str, correlation_id: UUID) -> None:
    await session.connection.execute(
        "INSERT INTO operator_access (actor, purpose, correlation_id) VALUES ($1, $2, $3)",
        session.actor,
        purpose,
        correlation_id,
    )


def _trace_values(trace: Trace, subject: Subject) -> tuple[Any, ...]:
    return (
        trace.trace_id,
        subject.correlation_id,
        subject.customer_id,
        subject.agent_id,
        subject.action_kind,
        subject.action_hash,
        trace.verdict,
        trace.reason,
        trace.inputs,
        trace.decision,
        trace.explanation,
        trace.execution_id,
    )


def _audit_text(body: JsonObject) -> str:
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def _values(wanted: EvidenceFilter) -> tuple[Any, ...]:
    return (
        wanted.customer_id,
        wanted.correlation_id,
        wanted.agent_id,
        wanted.action,
        wanted.reason,
        wanted.start,
        wanted.end,
        wanted.page.before,
        wanted.page.fetch_limit,
    )


def _to_trace(row: Row) -> DecisionTrace:
    columns = {name: row[name] for name in DecisionTrace.model_fields if name in row}
    parsed = {"inputs": json.loads(row["inputs"]), "decision": json.loads(row["decision"])}
    return DecisionTrace.model_validate({**columns, **parsed, "outcome": row["outcome"] or {}})
