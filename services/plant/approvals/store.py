"""Tables approvals and revocations."""

from uuid import UUID

from plant.approvals.model import HeldApproval
from shared.approvals.claims import ApprovalClaims
from shared.clock import from_epoch_ms
from shared.contracts.approvals import Preconditions
from shared.db import Row, TenantSession
from shared.ids import ActionHash, ApprovalId, CustomerId, DeliverableId
from shared.paging import Page

_INSERT = """
INSERT INTO approvals
    (approval_id, customer_id, issuer, kid, action_hash, deliverable_id, approver, preconditions, statement,
     issued_at, expires_at, execute_by, revoked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
        (SELECT at FROM revocations WHERE approval_id = $1))
ON CONFLICT DO NOTHING
"""
_CONSUME = """
UPDATE approvals SET consumed_at = clock_timestamp()
WHERE approval_id = $1 AND customer_id = $2 AND action_hash = $3
  AND consumed_at IS NULL AND revoked_at IS NULL AND expires_at > clock_timestamp()
  AND NOT EXISTS (SELECT 1 FROM revocations r WHERE r.approval_id = approvals.approval_id)
"""


async def insert(session: TenantSession, claims: ApprovalClaims, *, statement: str, kid: str) -> bool:
    """Return False when an approval of this id is there already."""
    tag = await session.connection.execute(
        _INSERT,
        claims.jti,
        claims.sub,
        claims.iss,
        kid,
        claims.action_hash,
        claims.deliverable_id,
        claims.approver.model_dump(mode="json"),
        claims.preconditions.model_dump(mode="json") if claims.preconditions else None,
        statement,
        from_epoch_ms(claims.iat * 1000),
        from_epoch_ms(claims.exp * 1000),
        from_epoch_ms(claims.execute_by * 1000),
    )
    return tag == "INSERT 0 1"


async def find(session: TenantSession, approval_id: UUID) -> HeldApproval | None:
    row = await session.connection.fetchrow("SELECT * FROM approvals WHERE approval_id = $1", approval_id)
    return _to_approval(row) if row else None


async def list_newest(session: TenantSession, *, page: Page) -> list[HeldApproval]:
    rows = await session.connection.fetch(
        "SELECT * FROM approvals WHERE $1::uuid IS NULL OR approval_id < $1 ORDER BY approval_id DESC LIMIT $2",
        page.before,
        page.fetch_limit,
    )
    return [_to_approval(row) for row in rows]


async def consume(session: TenantSession, approval_id: ApprovalId, *, action_hash: ActionHash) -> bool:
    """Use the approval, on the database's clock; False when it is used, revoked, expired or for another action."""
    tag = await session.connection.execute(_CONSUME, approval_id, session.customer_id, action_hash)
    return tag == "UPDATE 1"


async def revoke(session: TenantSession, approval_id: UUID) -> None:
    """Revoke it unless it is used; one that has not arrived yet is revoked on arrival."""
    await session.connection.execute(
        "INSERT INTO revocations (approval_id, customer_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        approval_id,
        session.customer_id,
    )
    await session.connection.execute(
        "UPDATE approvals SET revoked_at = clock_timestamp()"
        " WHERE approval_id = $1 AND consumed_at IS NULL AND revoked_at IS NULL",
        approval_id,
    )


def _to_approval(row: Row) -> HeldApproval:
    return HeldApproval(
        approval_id=ApprovalId(row["approval_id"]),
        customer_id=CustomerId(row["customer_id"]),
        action_hash=ActionHash(row["action_hash"]),
        deliverable_id=DeliverableId(row["deliverable_id"]) if row["deliverable_id"] else None,
        statement=row["statement"],
        preconditions=Preconditions.model_validate(row["preconditions"]) if row["preconditions"] else None,
        expires_at=row["expires_at"],
        execute_by=row["execute_by"],
        issued_at=row["issued_at"],
        received_at=row["received_at"],
        revoked_at=row["revoked_at"],
        consumed_at=row["consumed_at"],
    )
