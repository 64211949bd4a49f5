"""Table approval_proposals; whether one that waits is over is said by the database's clock."""

from datetime import timedelta
from uuid import UUID

from pp_backend.approval_proposals.model import Proposal, ProposalFilter
from shared.approvals.action import Action
from shared.contracts.approvals import AssistedApproveRequest, ProposalState
from shared.db import OversightSession, Row
from shared.ids import ApprovalId, OperatorId, ProposalId, uuid7
from shared.paging import Page

_STATE = "CASE WHEN state = 'waiting' AND expires_at <= now() THEN 'expired' ELSE state END"
_COLUMNS = f"""
proposal_id, request, action, {_STATE} AS shown_state, proposed_by, proposed_at, expires_at, decided_by, decided_at,
decline_notes, approval_id
"""


async def insert_proposal(
    session: OversightSession,
    request: AssistedApproveRequest,
    *,
    action: Action,
    proposed_by: OperatorId,
    waits: timedelta,
) -> Proposal:
    row = await session.connection.fetchrow(
        f"""
        INSERT INTO approval_proposals
            (proposal_id, customer_id, deliverable_id, request, action, proposed_by, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, now() + $7)
        RETURNING {_COLUMNS}
        """,  # noqa: S608  constant columns
        uuid7(),
        request.customer_id,
        request.deliverable_id,
        request.model_dump(mode="json"),
        action.model_dump(mode="json"),
        proposed_by,
        waits,
    )
    assert row is not None
    return _proposal(row)


async def find_proposal(session: OversightSession, *, proposal_id: UUID) -> Proposal | None:
    row = await session.connection.fetchrow(
        f"SELECT {_COLUMNS} FROM approval_proposals WHERE proposal_id = $1",  # noqa: S608  constant columns
        proposal_id,
    )
    return _proposal(row) if row else None


async def lock_proposal(session: OversightSession, *, proposal_id: UUID) -> Proposal | None:
    """Nobody else decides it until the transaction ends."""
    row = await session.connection.fetchrow(
        f"SELECT {_COLUMNS} FROM approval_proposals WHERE proposal_id = $1 FOR UPDATE",  # noqa: S608  constant columns
        proposal_id,
    )
    return _proposal(row) if row else None


async def find_waiting(session: OversightSession, *, deliverable_id: UUID) -> Proposal | None:
    row = await session.connection.fetchrow(
        f"""
        SELECT {_COLUMNS} FROM approval_proposals
        WHERE deliverable_id = $1 AND state = 'waiting' AND expires_at > now()
        """,  # noqa: S608  constant columns
        deliverable_id,
    )
    return _proposal(row) if row else None


async def list_proposals(session: OversightSession, *, wanted: ProposalFilter, page: Page) -> list[Proposal]:
    rows = await session.connection.fetch(
        f"""
        SELECT {_COLUMNS} FROM approval_proposals
        WHERE ($1::text IS NULL OR {_STATE} = $1) AND ($2::uuid IS NULL OR customer_id = $2)
          AND ($3::uuid IS NULL OR deliverable_id = $3) AND ($4::uuid IS NULL OR proposal_id < $4)
        ORDER BY proposal_id DESC LIMIT $5
        """,  # noqa: S608  constant columns
        wanted.state,
        wanted.customer_id,
        wanted.deliverable_id,
        page.before,
        page.fetch_limit,
    )
    return [_proposal(row) for row in rows]


async def mark_confirmed(
    session: OversightSession, *, proposal_id: UUID, decided_by: OperatorId, approval_id: ApprovalId
) -> None:
    await session.connection.execute(
        """
        UPDATE approval_proposals
        SET state = 'confirmed', decided_by = $2, decided_at = now(), approval_id = $3 WHERE proposal_id = $1
        """,
        proposal_id,
        decided_by,
        approval_id,
    )


async def mark_declined(
    session: OversightSession, *, proposal_id: UUID, decided_by: OperatorId, notes: str | None
) -> Proposal:
    row = await session.connection.fetchrow(
        f"""
        UPDATE approval_proposals
        SET state = 'declined', decided_by = $2, decided_at = now(), decline_notes = $3 WHERE proposal_id = $1
        RETURNING {_COLUMNS}
        """,  # noqa: S608  constant columns
        proposal_id,
        decided_by,
        notes,
    )
    assert row is not None
    return _proposal(row)


async def end_waiting(session: OversightSession) -> int:
    tag = await session.connection.execute(
        "UPDATE approval_proposals SET expires_at = now() WHERE state = 'waiting' AND expires_at > now()"
    )
    return int(tag.removeprefix("UPDATE "))


def _proposal(row: Row) -> Proposal:
    return Proposal(
        proposal_id=ProposalId(row["proposal_id"]),
        request=AssistedApproveRequest.model_validate(row["request"]),
        action=Action.model_validate(row["action"]),
        state=ProposalState(row["shown_state"]),
        proposed_by=OperatorId(row["proposed_by"]),
        proposed_at=row["proposed_at"],
        expires_at=row["expires_at"],
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        decline_notes=row["decline_notes"],
        approval_id=row["approval_id"],
    )
