"""Tables of a vault: sealed credentials, what each was released for, and which execution an approval is bound to."""

from datetime import datetime
from uuid import UUID

from shared.correlation import current_correlation_id
from shared.db import OversightSession, Row, Session, TenantSession
from shared.ids import CredentialRef, CustomerId, uuid7
from shared.paging import Page
from shared.vault.envelope import Envelope, WrappedKey
from shared.vault.model import Credential, Limits, Release, SealedCredential

_COLUMNS = """
credential_ref, customer_id, version, provider, api_key_last4, default_coin, allowed_coins, max_units_per_order,
max_notional_inr, created_at, updated_at, last_used_at
"""


async def insert_credential(
    session: Session, sealed: SealedCredential, *, last4: str, limits: Limits
) -> Credential:
    row = await session.connection.fetchrow(
        f"""
        INSERT INTO credentials (credential_ref, customer_id, version, provider, api_key_last4, default_coin,
            allowed_coins, max_units_per_order, max_notional_inr, key_version, wrapped_key, ciphertext)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING {_COLUMNS}
        """,  # noqa: S608  constant columns
        *_values(sealed, last4=last4, limits=limits),
    )
    assert row is not None  # INSERT ... RETURNING answers with its row
    return _credential(row)


async def replace_credential(
    session: Session, sealed: SealedCredential, *, last4: str, limits: Limits
) -> Credential | None:
    """Replace the version before this one; None when it is not the latest any more, or is deleted."""
    row = await session.connection.fetchrow(
        f"""
        UPDATE credentials SET version = $3, provider = $4, api_key_last4 = $5, default_coin = $6, allowed_coins = $7,
            max_units_per_order = $8, max_notional_inr = $9, key_version = $10, wrapped_key = $11, ciphertext = $12,
            updated_at = now()
        WHERE credential_ref = $1 AND customer_id = $2 AND version = $3 - 1 AND deleted_at IS NULL
        RETURNING {_COLUMNS}
        """,  # noqa: S608  constant columns
        *_values(sealed, last4=last4, limits=limits),
    )
    return _credential(row) if row else None


async def erase_credential(session: Session, *, credential_ref: UUID) -> Credential | None:
    """Erase the secret for good; the row stays, so that the reference is never given out again."""
    row = await session.connection.fetchrow(
        f"""
        UPDATE credentials SET version = version + 1, key_version = NULL, wrapped_key = NULL, ciphertext = NULL,
            deleted_at = now(), updated_at = now()
        WHERE credential_ref = $1 AND deleted_at IS NULL RETURNING {_COLUMNS}
        """,  # noqa: S608  constant columns
        credential_ref,
    )
    return _credential(row) if row else None


async def find_credential(session: Session, *, credential_ref: UUID) -> Credential | None:
    row = await session.connection.fetchrow(
        f"SELECT {_COLUMNS} FROM credentials WHERE credential_ref = $1 AND deleted_at IS NULL",  # noqa: S608  constant columns
        credential_ref,
    )
    return _credential(row) if row else None


async def list_credentials(session: Session, *, customer_id: UUID | None, page: Page) -> list[Credential]:
    rows = await session.connection.fetch(
        f"""
        SELECT {_COLUMNS} FROM credentials
        WHERE deleted_at IS NULL AND ($1::uuid IS NULL OR customer_id = $1)
          AND ($2::uuid IS NULL OR credential_ref < $2)
        ORDER BY credential_ref DESC LIMIT $3
        """,  # noqa: S608  constant columns
        customer_id,
        page.before,
        page.fetch_limit,
    )
    return [_credential(row) for row in rows]


async def find_sealed(session: Session, *, credential_ref: UUID) -> SealedCredential | None:
    row = await session.connection.fetchrow(
        """
        SELECT credential_ref, customer_id, version, provider, key_version, wrapped_key, ciphertext, updated_at
        FROM credentials WHERE credential_ref = $1 AND deleted_at IS NULL
        """,
        credential_ref,
    )
    return _sealed(row) if row else None


async def mark_used(session: Session, *, credential_ref: UUID) -> None:
    await session.connection.execute(
        "UPDATE credentials SET last_used_at = now() WHERE credential_ref = $1", credential_ref
    )


async def database_now(session: Session) -> datetime:
    return await session.connection.fetchval("SELECT now()")


async def insert_release(session: Session, release: Release) -> None:
    await session.connection.execute(
        """
        INSERT INTO credential_releases (release_id, customer_id, credential_ref, purpose, approval_id, execution_id,
            correlation_id, granted, reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        uuid7(),
        release.customer_id,
        release.credential_ref,
        release.purpose,
        release.approval_id,
        release.execution_id,
        current_correlation_id(),
        release.reason is None,
        release.reason,
    )


async def find_bound_execution(session: TenantSession, *, approval_id: UUID) -> UUID | None:
    return await session.connection.fetchval(
        "SELECT execution_id FROM credential_bindings WHERE approval_id = $1", approval_id
    )


async def bind_execution(session: TenantSession, *, approval_id: UUID, execution_id: UUID) -> UUID | None:
    """Bind an approval to its first execution and return the one it is bound to."""
    await session.connection.execute(
        """
        INSERT INTO credential_bindings (approval_id, customer_id, execution_id)
        VALUES ($1, $2, $3) ON CONFLICT (approval_id) DO NOTHING
        """,
        approval_id,
        session.customer_id,
        execution_id,
    )
    return await find_bound_execution(session, approval_id=approval_id)


async def list_wrapped_otherwise(
    session: OversightSession, *, key_version: str, limit: int
) -> list[SealedCredential]:
    """Credentials whose data key is wrapped under another version than this one."""
    rows = await session.connection.fetch(
        """
        SELECT credential_ref, customer_id, version, provider, key_version, wrapped_key, ciphertext, updated_at
        FROM credentials WHERE key_version <> $1 ORDER BY credential_ref LIMIT $2
        """,
        key_version,
        limit,
    )
    return [_sealed(row) for row in rows]


async def replace_wrapping(session: OversightSession, sealed: SealedCredential, *, key: WrappedKey) -> None:
    """Does nothing when the credential was replaced or deleted meanwhile."""
    await session.connection.execute(
        """
        UPDATE credentials SET key_version = $4, wrapped_key = $5
        WHERE credential_ref = $1 AND version = $2 AND key_version = $3
        """,
        sealed.credential_ref,
        sealed.version,
        sealed.envelope.key.key_version,
        key.key_version,
        key.wrapped,
    )


def _values(sealed: SealedCredential, *, last4: str, limits: Limits) -> tuple[object, ...]:
    return (
        sealed.credential_ref,
        sealed.customer_id,
        sealed.version,
        sealed.provider,
        last4,
        limits.default_coin,
        list(limits.allowed_coins),
        limits.max_units_per_order,
        limits.max_notional_inr,
        sealed.envelope.key.key_version,
        sealed.envelope.key.wrapped,
        sealed.envelope.ciphertext,
    )


def _credential(row: Row) -> Credential:
    limits = Limits(
        row["default_coin"], tuple(row["allowed_coins"]), row["max_units_per_order"], row["max_notional_inr"]
    )
    return Credential(
        credential_ref=CredentialRef(row["credential_ref"]),
        customer_id=CustomerId(row["customer_id"]),
        version=row["version"],
        provider=row["provider"],
        api_key_last4=row["api_key_last4"],
        limits=limits,
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        last_used_at=row["last_used_at"],
    )


def _sealed(row: Row) -> SealedCredential:
    return SealedCredential(
        credential_ref=CredentialRef(row["credential_ref"]),
        customer_id=CustomerId(row["customer_id"]),
        version=row["version"],
        provider=row["provider"],
        envelope=Envelope(WrappedKey(row["key_version"], row["wrapped_key"]), row["ciphertext"]),
        changed_at=row["updated_at"],
    )
