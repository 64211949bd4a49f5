"""Table approval_proposals; whether one that waits is over is said by the database's clock."""

from datetime import timedelta
from uuid import UUID

from pp_backend.approval_proposals.model import Proposal, ProposalFilter
from shared.approvals.action import Action
from shared.contracts.approvals import AssistedApproveRequest, ProposalState
from shared.db import OversightSession, Row
from shared.ids import ActionHash, ApprovalId, OperatorId, ProposalId, uuid7
from shared.paging import Page

_WAITS = "state = 'waiting' AND expires_at > now()"
_IS_OVER = "state = 'waiting' AND expires_at <= now()"
_STATE = f"CASE WHEN {_IS_OVER} THEN 'expired' ELSE state END"
_IS_IN = {
    None: "true",
    ProposalState.WAITING: _WAITS,
    ProposalState.EXPIRED: _IS_OVER,
    ProposalState.CONFIRMED: "state = 'confirmed'",
    ProposalState.DECLINED: "state = 'declined'",
}
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
            (proposal_id, customer_id, deliverable_id, request, action, action_hash, proposed_by, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, now() + $8)
        RETURNING {_COLUMNS}
        """,  # noqa: S608  constant columns
        uuid7(),
        request.customer_id,
        request.deliverable_id,
        request.model_dump(mode="json"),
        action.model_dump(mode="json"),
        action.action_hash(),
        proposed_by,
        waits,
    )
    assert row is not None
    return _proposal(row)


async def find_proposal(session: OversightSession, *, proposal_id: UUID) -> Proposal | None:
    return await _find(session, "proposal_id = $1", proposal_id)


async def lock_proposal(session: OversightSession, *, proposal_id: UUID) -> Proposal | None:
    """Nobody else decides it until the transaction ends."""
    return await _find(session, "proposal_id = $1 FOR UPDATE", proposal_id)


async def lock_action(session: OversightSession, *, action_hash: ActionHash) -> None:
    """Let one exact action be proposed by one after the other, until the transaction ends."""
    digest = bytes.fromhex(action_hash.removeprefix("sha256:"))
    key = int.from_bytes(digest[:8], "big", signed=True)
    await session.connection.execute("SELECT pg_advisory_xact_lock($1)", key)


async def find_waiting(session: OversightSession, *, deliverable_id: UUID) -> Proposal | None:
    return await _find(session, f"{_WAITS} AND deliverable_id = $1", deliverable_id)


async def find_waiting_action(session: OversightSession, action: Action) -> Proposal | None:
    """Find the one for exactly this action that no deliverable holds."""
    condition = f"{_WAITS} AND deliverable_id IS NULL AND customer_id = $1 AND action_hash = $2"
    return await _find(session, condition, action.customer_id, action.action_hash())


async def list_proposals(session: OversightSession, *, wanted: ProposalFilter, page: Page) -> list[Proposal]:
    rows = await session.connection.fetch(
        f"""
        SELECT {_COLUMNS} FROM approval_proposals
        WHERE {_IS_IN[wanted.state]} AND ($1::uuid IS NULL OR customer_id = $1)
          AND ($2::uuid IS NULL OR deliverable_id = $2) AND ($3::uuid IS NULL OR proposal_id < $3)
        ORDER BY proposal_id DESC LIMIT $4
        """,  # noqa: S608  constants
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
        f"UPDATE approval_proposals SET expires_at = now() WHERE {_WAITS}"  # noqa: S608  a constant
    )
    return int(tag.removeprefix("UPDATE "))


async def _find(session: OversightSession, condition: str, *values: UUID | str) -> Proposal | None:
    row = await session.connection.fetchrow(
        f"SELECT {_COLUMNS} FROM approval_proposals WHERE {condition}",  # noqa: S608  constants of this module
        *values,
    )
    return _proposal(row) if row else None


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
