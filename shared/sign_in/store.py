"""Tables of sign-in: accounts, sessions, and the failed attempts that throttling counts."""

from collections.abc import Collection, Mapping
from uuid import UUID

from shared.contracts.sign_in import AccountKind, Role
from shared.correlation import current_correlation_id
from shared.db import OversightSession, Row, UniqueViolation
from shared.ids import uuid7
from shared.sign_in.model import (
    SESSION_LIFETIME_S,
    Account,
    IssuedSession,
    SessionKind,
    StoredAccount,
    StoredSession,
    token_digest,
)

_ACCOUNT_COLUMNS = "a.account_id, a.email, a.kind, a.roles"


class EmailTakenError(Exception):
    pass


async def insert_account(session: OversightSession, account: Account, *, password_hash: str) -> None:
    """Raises: EmailTakenError."""
    try:
        await session.connection.execute(
            "INSERT INTO accounts (account_id, email, password_hash, kind, roles) VALUES ($1, $2, $3, $4, $5)",
            account.account_id,
            account.email,
            password_hash,
            account.kind,
            list(account.roles),
        )
    except UniqueViolation as error:
        raise EmailTakenError from error


async def find_account(session: OversightSession, *, email: str) -> StoredAccount | None:
    row = await session.connection.fetchrow(
        f"SELECT {_ACCOUNT_COLUMNS}, a.password_hash FROM accounts a WHERE lower(a.email) = $1",  # noqa: S608  constant columns
        email.lower(),
    )
    return StoredAccount(_account(row), row["password_hash"]) if row else None


async def hold_roles(
    session: OversightSession, *, account_ids: Collection[UUID]
) -> Mapping[UUID, tuple[Role, ...]]:
    """Read their roles, which do not change until the transaction ends; who has no account is left out."""
    rows = await session.connection.fetch(
        "SELECT account_id, roles FROM accounts WHERE account_id = ANY($1::uuid[]) ORDER BY account_id FOR SHARE",
        list(account_ids),
    )
    return {row["account_id"]: tuple(Role(role) for role in row["roles"]) for row in rows}


async def insert_session(
    session: OversightSession, *, session_id: UUID, account: Account, kind: SessionKind, token: str
) -> IssuedSession:
    expires_at = await session.connection.fetchval(
        """
        INSERT INTO sessions (session_id, account_id, token_hash, kind, expires_at)
        VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5)) RETURNING expires_at
        """,
        session_id,
        account.account_id,
        token_digest(token),
        kind,
        SESSION_LIFETIME_S,
    )
    return IssuedSession(token, kind, account, expires_at)


async def find_live_session(session: OversightSession, *, token: str) -> StoredSession | None:
    row = await session.connection.fetchrow(
        f"""
        SELECT s.session_id, s.kind AS session_kind, {_ACCOUNT_COLUMNS}
        FROM sessions s JOIN accounts a USING (account_id)
        WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.expires_at > now()
        """,  # noqa: S608  constant columns
        token_digest(token),
    )
    return StoredSession(row["session_id"], SessionKind(row["session_kind"]), _account(row)) if row else None


async def revoke_session(session: OversightSession, *, session_id: UUID) -> None:
    await session.connection.execute(
        "UPDATE sessions SET revoked_at = now() WHERE session_id = $1 AND revoked_at IS NULL", session_id
    )


async def revoke_sessions_of(session: OversightSession, *, account_id: UUID) -> None:
    await session.connection.execute(
        "UPDATE sessions SET revoked_at = now() WHERE account_id = $1 AND revoked_at IS NULL", account_id
    )


async def find_live(session: OversightSession, *, session_ids: Collection[UUID]) -> frozenset[UUID]:
    rows = await session.connection.fetch(
        "SELECT session_id FROM sessions"
        " WHERE session_id = ANY($1::uuid[]) AND revoked_at IS NULL AND expires_at > now()",
        list(session_ids),
    )
    return frozenset(row["session_id"] for row in rows)


async def revoke_all_sessions(session: OversightSession) -> int:
    tag = await session.connection.execute("UPDATE sessions SET revoked_at = now() WHERE revoked_at IS NULL")
    return int(tag.removeprefix("UPDATE "))


async def lock_subject(session: OversightSession, *, subject: bytes) -> None:
    """Let attempts of one subject count one after the other, until the transaction ends."""
    await session.connection.execute(
        "SELECT pg_advisory_xact_lock($1)", int.from_bytes(subject[:8], "big", signed=True)
    )


async def seconds_until_allowed(
    session: OversightSession, *, subject: bytes, limit: int, window_s: int
) -> int | None:
    """None when fewer than `limit` attempts of the subject lie within the window."""
    return await session.connection.fetchval(
        """
        SELECT ceil(extract(epoch FROM at + make_interval(secs => $3) - clock_timestamp()))::int
        FROM sign_in_attempts
        WHERE subject = $1 AND at > clock_timestamp() - make_interval(secs => $3)
        ORDER BY at DESC OFFSET $2 - 1 LIMIT 1
        """,
        subject,
        limit,
        window_s,
    )


async def insert_attempt(session: OversightSession, *, attempt_id: UUID, subject: bytes) -> None:
    await session.connection.execute(
        "INSERT INTO sign_in_attempts (attempt_id, subject) VALUES ($1, $2)", attempt_id, subject
    )


async def delete_attempts(session: OversightSession, *, attempt_id: UUID, subject: bytes) -> None:
    """Forget this attempt, and all attempts of the subject: it has shown the right password."""
    await session.connection.execute(
        "DELETE FROM sign_in_attempts WHERE attempt_id = $1 OR subject = $2", attempt_id, subject
    )


async def delete_old_attempts(session: OversightSession, *, window_s: int) -> None:
    await session.connection.execute(
        """
        DELETE FROM sign_in_attempts WHERE ctid IN (
            SELECT ctid FROM sign_in_attempts WHERE at < clock_timestamp() - make_interval(secs => $1)
            LIMIT 500 FOR UPDATE SKIP LOCKED)
        """,
        window_s,
    )


async def insert_operator_action(
    session: OversightSession, account: Account, *, method: str, path: str, query: str
) -> None:
    await session.connection.execute(
        """
        INSERT INTO operator_actions (operator_action_id, operator_id, roles, method, path, query, correlation_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        uuid7(),
        account.account_id,
        list(account.roles),
        method,
        path,
        query,
        current_correlation_id(),
    )


def _account(row: Row) -> Account:
    roles = tuple(Role(role) for role in row["roles"])
    return Account(row["account_id"], row["email"], AccountKind(row["kind"]), roles)
