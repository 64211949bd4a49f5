"""Tables approvals and revocations."""

from uuid import UUID

from plant.approvals.model import HeldApproval
from shared.approvals.claims import ApprovalClaims
from shared.clock import from_epoch_ms
from shared.contracts.approvals import Preconditions
from shared.db import Lookup, OversightSession, Row, TenantSession
from shared.ids import ActionHash, ApprovalId, CustomerId, DeliverableId
from shared.paging import Page

_INSERT = """
INSERT INTO approvals
    (approval_id, customer_id, issuer, kid, action_hash, deliverable_id, approver, preconditions, statement,
     issued_at, expires_at, execute_by, revoked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
        (SELECT at FROM revocations WHERE approval_id = $1))
ON CONFLICT DO NOTHING
RETURNING *
"""
_CONSUME = """
UPDATE approvals SET consumed_at = clock_timestamp()
WHERE approval_id = $1 AND customer_id = $2 AND action_hash = $3
  AND consumed_at IS NULL AND revoked_at IS NULL AND expires_at > clock_timestamp()
  AND NOT EXISTS (SELECT 1 FROM revocations r WHERE r.approval_id = approvals.approval_id)
"""
_REVOKE_UNUSED = """
WITH revoked AS (
    UPDATE approvals SET revoked_at = clock_timestamp()
    WHERE consumed_at IS NULL AND revoked_at IS NULL AND expires_at > clock_timestamp()
    RETURNING customer_id, approval_id
), noted AS (
    INSERT INTO revocations (approval_id, customer_id)
    SELECT approval_id, customer_id FROM revoked ON CONFLICT DO NOTHING
)
SELECT customer_id, approval_id FROM revoked
"""


async def insert(
    session: TenantSession, claims: ApprovalClaims, *, statement: str, kid: str
) -> HeldApproval | None:
    """Return what is held now, None when this id is there already, or another approval of the deliverable."""
    row = await session.connection.fetchrow(
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
    return _to_approval(row) if row else None


def lookup(approval_id: UUID) -> Lookup[HeldApproval | None]:
    return Lookup(
        "SELECT a FROM approvals a WHERE approval_id = $1",
        (approval_id,),
        lambda row: _to_approval(row) if row else None,
    )


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


async def revoke_unused(session: OversightSession) -> list[tuple[CustomerId, ApprovalId]]:
    """Revoke, of all customers, what could still be used."""
    rows = await session.connection.fetch(_REVOKE_UNUSED)
    return [(CustomerId(row["customer_id"]), ApprovalId(row["approval_id"])) for row in rows]


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
