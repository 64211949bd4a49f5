"""Tables of a vault: sealed credentials, what each was released for, and which execution an approval is bound to."""

from datetime import datetime, timedelta
from uuid import UUID

from shared.correlation import current_correlation_id
from shared.db import OversightSession, Row, Session, TenantSession
from shared.ids import CredentialRef, CustomerId, uuid7
from shared.paging import Page
from shared.vault.envelope import Envelope, WrappedKey
from shared.vault.model import (
    Credential,
    CredentialKind,
    Limits,
    Posting,
    RefreshOutcome,
    Release,
    SealedCredential,
    Settings,
)

_COLUMNS = """
credential_ref, customer_id, kind, version, provider, api_key_last4, default_coin, allowed_coins, max_units_per_order,
max_notional_inr, posting_identity, has_refresh_token, created_at, updated_at, last_used_at
"""
_SEALED = """
SELECT credential_ref, customer_id, kind, version, provider, key_version, wrapped_key, ciphertext, updated_at,
    has_refresh_token FROM credentials
"""


async def insert_credential(
    session: Session, sealed: SealedCredential, *, last4: str, settings: Settings
) -> Credential:
    row = await session.connection.fetchrow(
        f"""
        INSERT INTO credentials (credential_ref, customer_id, kind, version, provider, api_key_last4, default_coin,
            allowed_coins, max_units_per_order, max_notional_inr, posting_identity, has_refresh_token, key_version,
            wrapped_key, ciphertext)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING {_COLUMNS}
        """,  # noqa: S608  constant columns
        *_values(sealed, last4=last4, settings=settings),
    )
    assert row is not None  # INSERT ... RETURNING answers with its row
    return _credential(row)


async def replace_credential(
    session: Session, sealed: SealedCredential, *, last4: str, settings: Settings
) -> Credential | None:
    """Replace the version before this one; None when it is not the latest any more, or is deleted."""
    row = await session.connection.fetchrow(
        f"""
        UPDATE credentials SET version = $4, api_key_last4 = $6, default_coin = $7, allowed_coins = $8,
            max_units_per_order = $9, max_notional_inr = $10, posting_identity = $11, has_refresh_token = $12,
            key_version = $13, wrapped_key = $14, ciphertext = $15, updated_at = now(), refreshing_until = NULL
        WHERE credential_ref = $1 AND customer_id = $2 AND kind = $3 AND version = $4 - 1 AND provider = $5
          AND deleted_at IS NULL
        RETURNING {_COLUMNS}
        """,  # noqa: S608  constant columns
        *_values(sealed, last4=last4, settings=settings),
    )
    return _credential(row) if row else None


async def replace_tokens(session: TenantSession, sealed: SealedCredential, *, last4: str) -> bool:
    """Replace what was used up by what follows it. The account stays the same, so `updated_at` does too."""
    replaced = await session.connection.fetchval(
        """
        UPDATE credentials SET version = $2, api_key_last4 = $3, has_refresh_token = $4, key_version = $5,
            wrapped_key = $6, ciphertext = $7, refreshing_until = NULL
        WHERE credential_ref = $1 AND version = $2 - 1 AND kind = 'platform' AND deleted_at IS NULL
        RETURNING true
        """,
        sealed.credential_ref,
        sealed.version,
        last4,
        sealed.has_refresh_token,
        sealed.envelope.key.key_version,
        sealed.envelope.key.wrapped,
        sealed.envelope.ciphertext,
    )
    return replaced is True


async def claim_refresh(session: TenantSession, sealed: SealedCredential, *, lease: timedelta) -> bool:
    """Let one caller renew this version's tokens: a refresh token is good once. False while another one does."""
    claimed = await session.connection.fetchval(
        """
        UPDATE credentials SET refreshing_until = now() + $3
        WHERE credential_ref = $1 AND version = $2 AND (refreshing_until IS NULL OR refreshing_until <= now())
        RETURNING true
        """,
        sealed.credential_ref,
        sealed.version,
        lease,
    )
    return claimed is True


async def erase_credential(
    session: Session, *, credential_ref: UUID, kind: CredentialKind
) -> Credential | None:
    """Erase the secret for good; the row stays, so that the reference is never given out again."""
    row = await session.connection.fetchrow(
        f"""
        UPDATE credentials SET version = version + 1, key_version = NULL, wrapped_key = NULL, ciphertext = NULL,
            deleted_at = now(), updated_at = now()
        WHERE credential_ref = $1 AND kind = $2 AND deleted_at IS NULL RETURNING {_COLUMNS}
        """,  # noqa: S608  constant columns
        credential_ref,
        kind,
    )
    return _credential(row) if row else None


async def find_credential(
    session: Session, *, credential_ref: UUID, kind: CredentialKind
) -> Credential | None:
    row = await session.connection.fetchrow(
        f"SELECT {_COLUMNS} FROM credentials WHERE credential_ref = $1 AND kind = $2 AND deleted_at IS NULL",  # noqa: S608  constant columns
        credential_ref,
        kind,
    )
    return _credential(row) if row else None


async def list_credentials(
    session: Session, *, kind: CredentialKind, customer_id: UUID | None, page: Page
) -> list[Credential]:
    rows = await session.connection.fetch(
        f"""
        SELECT {_COLUMNS} FROM credentials
        WHERE deleted_at IS NULL AND ($1::uuid IS NULL OR customer_id = $1)
          AND ($2::uuid IS NULL OR credential_ref < $2) AND kind = $4
        ORDER BY credential_ref DESC LIMIT $3
        """,  # noqa: S608  constant columns
        customer_id,
        page.before,
        page.fetch_limit,
        kind,
    )
    return [_credential(row) for row in rows]


async def find_sealed(session: Session, *, credential_ref: UUID) -> SealedCredential | None:
    row = await session.connection.fetchrow(
        f"{_SEALED} WHERE credential_ref = $1 AND deleted_at IS NULL", credential_ref
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


async def insert_refresh(
    session: TenantSession, *, credential_ref: UUID, version: int, outcome: RefreshOutcome
) -> None:
    await session.connection.execute(
        """
        INSERT INTO credential_refreshes (refresh_id, customer_id, credential_ref, version, correlation_id, outcome)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        uuid7(),
        session.customer_id,
        credential_ref,
        version,
        current_correlation_id(),
        outcome,
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
        f"{_SEALED} WHERE key_version <> $1 ORDER BY credential_ref LIMIT $2", key_version, limit
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


def _values(sealed: SealedCredential, *, last4: str, settings: Settings) -> tuple[object, ...]:
    return (
        sealed.credential_ref,
        sealed.customer_id,
        sealed.kind,
        sealed.version,
        sealed.provider,
        last4,
        *_settings_values(settings),
        sealed.envelope.key.key_version,
        sealed.envelope.key.wrapped,
        sealed.envelope.ciphertext,
    )


def _settings_values(settings: Settings) -> tuple[object, ...]:
    match settings:
        case Limits(default_coin, allowed_coins, max_units, max_notional_inr):
            return default_coin, list(allowed_coins), max_units, max_notional_inr, None, False
        case Posting(identity, has_refresh_token):
            return None, None, None, None, identity, has_refresh_token


def _settings(row: Row) -> Settings:
    if row["kind"] == CredentialKind.PLATFORM:
        return Posting(row["posting_identity"], row["has_refresh_token"])
    coins = tuple(row["allowed_coins"])
    return Limits(row["default_coin"], coins, row["max_units_per_order"], row["max_notional_inr"])


def _credential(row: Row) -> Credential:
    return Credential(
        credential_ref=CredentialRef(row["credential_ref"]),
        customer_id=CustomerId(row["customer_id"]),
        version=row["version"],
        provider=row["provider"],
        last4=row["api_key_last4"],
        settings=_settings(row),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        last_used_at=row["last_used_at"],
    )


def _sealed(row: Row) -> SealedCredential:
    return SealedCredential(
        credential_ref=CredentialRef(row["credential_ref"]),
        customer_id=CustomerId(row["customer_id"]),
        kind=CredentialKind(row["kind"]),
        version=row["version"],
        provider=row["provider"],
        envelope=Envelope(WrappedKey(row["key_version"], row["wrapped_key"]), row["ciphertext"]),
        has_refresh_token=row["has_refresh_token"],
        changed_at=row["updated_at"],
    )
