"""What this portal recorded under a correlation id: vault releases, approvals, outbox, operators' requests."""

from typing import LiteralString
from uuid import UUID

from shared.contracts.timelines import TimelineEntry
from shared.db import Session

_ENTRIES: LiteralString = """
WITH sent AS (SELECT * FROM outbox WHERE correlation_id = $1),
minted AS (SELECT * FROM approvals WHERE approval_id IN (SELECT subject FROM sent) OR approval_id = ANY($2::uuid[])),
entries (at, record, event, subject_id, customer_id, correlation_id, facts) AS (
    SELECT at, 'operator_action', method, operator_action_id::text, NULL::uuid, correlation_id,
        jsonb_build_object('operator_id', operator_id, 'roles', roles, 'path', path, 'query', query)
    FROM operator_actions WHERE correlation_id = $1
    UNION ALL
    SELECT at, 'credential_release', CASE WHEN granted THEN 'granted' ELSE 'refused' END, release_id::text,
        customer_id, correlation_id, jsonb_build_object('credential_ref', credential_ref, 'purpose', purpose,
            'reason', reason, 'approval_id', approval_id, 'execution_id', execution_id)
    FROM credential_releases WHERE correlation_id = $1 OR approval_id = ANY($2::uuid[])
    UNION ALL
    SELECT issued_at, 'approval', 'minted', approval_id::text, customer_id, NULL,
        jsonb_build_object('approver', approver, 'action_hash', action_hash, 'deliverable_id', deliverable_id)
    FROM minted
    UNION ALL
    SELECT revoked_at, 'approval', 'revoked', approval_id::text, customer_id, NULL,
        jsonb_build_object('reason', revoked_reason)
    FROM minted WHERE revoked_at IS NOT NULL
    UNION ALL
    SELECT created_at, 'outbox', kind, message_id::text, customer_id, correlation_id,
        jsonb_build_object('method', method, 'path', path, 'subject', subject)
    FROM sent
    UNION ALL
    SELECT delivered_at, 'outbox', kind || ' delivered', message_id::text, customer_id, correlation_id,
        jsonb_build_object('attempts', attempts)
    FROM sent WHERE delivered_at IS NOT NULL
)
SELECT * FROM entries ORDER BY at, record, event LIMIT $3
"""


async def load_entries(
    session: Session, correlation_id: UUID, *, approval_ids: list[UUID], limit: int
) -> list[TimelineEntry]:
    """Oldest first; `approval_ids` are those that Plant says were used under the same correlation id."""
    rows = await session.connection.fetch(_ENTRIES, correlation_id, approval_ids, limit)
    return [TimelineEntry.model_validate({"service": "pp", **dict(row)}) for row in rows]
