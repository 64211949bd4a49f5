"""The approvals table: a portal's own record of each approval that it minted."""

from datetime import datetime
from uuid import UUID

from shared.approvals.claims import ApprovalClaims
from shared.approvals.model import ApprovalFilter, Record
from shared.contracts.approvals import Approver
from shared.db import OversightSession, Row, Session
from shared.ids import ApprovalId, CustomerId, DeliverableId
from shared.paging import Page

_COLUMNS = """
approval_id, customer_id, deliverable_id, action_hash, approver, notes, issued_at, expires_at, execute_by,
delivered_at, revoked_at, revoked_reason, settled_as, now() >= expires_at AS is_past
"""


async def database_now(session: Session) -> datetime:
    return await session.connection.fetchval("SELECT now()")


async def insert_approval(
    session: Session, claims: ApprovalClaims, *, signed: str, notes: str | None
) -> Record:
    row = await session.connection.fetchrow(
        f"""
        INSERT INTO approvals (approval_id, customer_id, deliverable_id, action_hash, action, approver, notes, signed,
                               issued_at, expires_at, execute_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, to_timestamp($9), to_timestamp($10), to_timestamp($11))
        RETURNING {_COLUMNS}
        """,  # noqa: S608  constant columns
        claims.jti,
        claims.sub,
        claims.deliverable_id,
        claims.action_hash,
        claims.action.model_dump(mode="json"),
        claims.approver.model_dump(mode="json"),
        notes,
        signed,
        claims.iat,
        claims.exp,
        claims.execute_by,
    )
    assert row is not None
    return _record(row)


async def lock_deliverable(session: Session, *, deliverable_id: UUID) -> None:
    """Let approvals of one deliverable be minted one after the other, until the transaction ends."""
    key = int.from_bytes(deliverable_id.bytes[8:], "big", signed=True)
    await session.connection.execute("SELECT pg_advisory_xact_lock($1)", key)


async def find_live_approval(session: Session, *, deliverable_id: UUID) -> Record | None:
    row = await session.connection.fetchrow(
        f"""
        SELECT {_COLUMNS} FROM approvals
        WHERE deliverable_id = $1 AND revoked_at IS NULL
          AND settled_as IS DISTINCT FROM 'expired' AND (expires_at > now() OR settled_as = 'consumed')
        """,  # noqa: S608  constant columns
        deliverable_id,
    )
    return _record(row) if row else None


async def find_approval(session: Session, *, approval_id: UUID) -> Record | None:
    row = await session.connection.fetchrow(
        f"SELECT {_COLUMNS} FROM approvals WHERE approval_id = $1",  # noqa: S608  constant columns
        approval_id,
    )
    return _record(row) if row else None


async def lock_approval(session: Session, *, approval_id: UUID) -> Record | None:
    row = await session.connection.fetchrow(
        f"SELECT {_COLUMNS} FROM approvals WHERE approval_id = $1 FOR UPDATE",  # noqa: S608  constant columns
        approval_id,
    )
    return _record(row) if row else None


async def list_approvals(session: Session, *, wanted: ApprovalFilter, page: Page) -> list[Record]:
    rows = await session.connection.fetch(
        f"""
        SELECT {_COLUMNS} FROM approvals
        WHERE ($1::uuid IS NULL OR customer_id = $1) AND ($2::uuid IS NULL OR deliverable_id = $2)
          AND ($3::uuid IS NULL OR approval_id < $3)
        ORDER BY approval_id DESC LIMIT $4
        """,  # noqa: S608  constant columns
        wanted.customer_id,
        wanted.deliverable_id,
        page.before,
        page.fetch_limit,
    )
    return [_record(row) for row in rows]


async def mark_delivered(session: Session, *, approval_id: UUID) -> None:
    await session.connection.execute(
        "UPDATE approvals SET delivered_at = coalesce(delivered_at, now()) WHERE approval_id = $1",
        approval_id,
    )


async def mark_revoked(session: Session, *, approval_id: UUID, reason: str) -> None:
    """An approval that was used stays used."""
    await session.connection.execute(
        """
        UPDATE approvals SET revoked_at = now(), revoked_reason = $2
        WHERE approval_id = $1 AND revoked_at IS NULL AND settled_as IS NULL
        """,
        approval_id,
        reason,
    )


async def revoke_live(session: OversightSession, *, reason: str) -> list[tuple[CustomerId, ApprovalId]]:
    """Revoke, of all customers, whatever an order could still be sent under."""
    rows = await session.connection.fetch(
        """
        UPDATE approvals SET revoked_at = now(), revoked_reason = $1
        WHERE revoked_at IS NULL AND settled_as IS NULL AND execute_by > now()
        RETURNING customer_id, approval_id
        """,
        reason,
    )
    return [(CustomerId(row["customer_id"]), ApprovalId(row["approval_id"])) for row in rows]


async def mark_settled(session: Session, *, approval_id: UUID, settled_as: str) -> None:
    """Plant's word on the use counts; an attempt to revoke that came too late stays on record."""
    await session.connection.execute(
        """
        UPDATE approvals SET settled_as = $2
        WHERE approval_id = $1 AND settled_as IS NULL AND ($2 = 'consumed' OR revoked_at IS NULL)
        """,
        approval_id,
        settled_as,
    )


def _record(row: Row) -> Record:
    deliverable_id = row["deliverable_id"]
    return Record(
        approval_id=ApprovalId(row["approval_id"]),
        customer_id=CustomerId(row["customer_id"]),
        deliverable_id=DeliverableId(deliverable_id) if deliverable_id else None,
        action_hash=row["action_hash"],
        approver=Approver.model_validate(row["approver"]),
        notes=row["notes"],
        issued_at=row["issued_at"],
        expires_at=row["expires_at"],
        execute_by=row["execute_by"],
        delivered_at=row["delivered_at"],
        revoked_at=row["revoked_at"],
        revoked_reason=row["revoked_reason"],
        settled_as=row["settled_as"],
        is_past=row["is_past"],
    )
