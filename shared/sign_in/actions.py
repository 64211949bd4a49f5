"""Signing up, in and out, and finding who a session token belongs to."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from pydantic import SecretStr

from shared.contracts.sign_in import AccountKind, Role
from shared.db import Database, OversightSession
from shared.errors import unauthenticated, wrong_state
from shared.ids import uuid7
from shared.logs import get_logger
from shared.sign_in import store
from shared.sign_in.model import (
    Account,
    IssuedSession,
    SessionKind,
    SignedIn,
    csrf_token_of,
    has_role,
    make_session_token,
)
from shared.sign_in.passwords import Passwords
from shared.sign_in.throttle import ACTOR, Throttle, email_subject, reserve_attempt


@dataclass(frozen=True, slots=True)
class SignIn:
    database: Database
    passwords: Passwords
    throttle: Throttle


@dataclass(frozen=True, slots=True)
class Credentials:
    """`address` is the client's network address, which guessing is counted by too."""

    email: str
    password: SecretStr
    address: str


async def create_account(sign_in: SignIn, account: Account, *, password: SecretStr) -> None:
    """Raises: PlatformError 409 `email_taken`."""
    password_hash = await sign_in.passwords.hash(password)
    try:
        async with sign_in.database.oversight(actor=ACTOR) as session:
            await store.insert_account(session, account, password_hash=password_hash)
    except store.EmailTakenError as error:
        raise wrong_state(
            "An account with this e-mail exists; sign in instead.", reason="email_taken"
        ) from error


async def ensure_account(sign_in: SignIn, account: Account, *, password: SecretStr) -> None:
    """Create the account unless one with its e-mail exists, which is left as it is."""
    async with sign_in.database.oversight(actor=ACTOR) as session:
        existing = await store.find_account(session, email=account.email)
    if existing is None:
        await create_account(sign_in, account, password=password)


async def sign_up(sign_in: SignIn, credentials: Credentials) -> IssuedSession:
    """Make a customer's account and a session of it.

    Raises: PlatformError 409 `email_taken`; 429 when this address fails too often.
    """
    attempt_id = await reserve_attempt(
        sign_in.database, sign_in.throttle, email=None, address=credentials.address
    )
    account = Account(uuid7(), credentials.email, AccountKind.CUSTOMER, ())
    await create_account(sign_in, account, password=credentials.password)
    return await _start_session(sign_in, account, kind=SessionKind.COOKIE, attempt_id=attempt_id)


async def log_in(sign_in: SignIn, credentials: Credentials, *, kind: SessionKind) -> IssuedSession:
    """Raises: PlatformError 401; 429 after too many failures."""
    attempt_id = await reserve_attempt(
        sign_in.database, sign_in.throttle, email=credentials.email, address=credentials.address
    )
    async with sign_in.database.oversight(actor=ACTOR) as session:
        stored = await store.find_account(session, email=credentials.email)
    password_hash = stored.password_hash if stored else None
    is_right = await sign_in.passwords.verify(credentials.password, stored=password_hash)
    if stored is None or not is_right:
        get_logger().info("sign_in.refused", attempt_id=attempt_id)
        raise unauthenticated("The e-mail or the password is wrong.")
    return await _start_session(sign_in, stored.account, kind=kind, attempt_id=attempt_id)


async def log_out(sign_in: SignIn, person: SignedIn) -> None:
    async with sign_in.database.oversight(actor=ACTOR) as session:
        await store.revoke_session(session, session_id=person.session_id)


async def log_out_everywhere(sign_in: SignIn, person: SignedIn) -> None:
    """End all sessions of the person's account, bearer tokens too."""
    async with sign_in.database.oversight(actor=ACTOR) as session:
        await store.revoke_sessions_of(session, account_id=person.account.account_id)


async def find_live_sessions(sign_in: SignIn, session_ids: Collection[UUID]) -> frozenset[UUID]:
    """Which of the sessions have neither ended nor been ended."""
    async with sign_in.database.oversight(actor=ACTOR) as session:
        return await store.find_live(session, session_ids=session_ids)


async def find_who_lacks(
    session: OversightSession, role: Role, *, account_ids: Collection[UUID]
) -> frozenset[UUID]:
    """Which of these do not have the role, or a higher one? Nobody's changes until the transaction ends."""
    held = await store.hold_roles(session, account_ids=account_ids)
    return frozenset(one for one in account_ids if not has_role(held.get(one, ()), needed=role))


async def end_all_sessions(session: OversightSession) -> int:
    """Sign everybody out; return how many sessions were live."""
    return await store.revoke_all_sessions(session)


async def find_signed_in(sign_in: SignIn, *, token: str, kind: SessionKind) -> SignedIn | None:
    """A cookie's token is none as a bearer token, and the other way round."""
    async with sign_in.database.oversight(actor=ACTOR) as session:
        found = await store.find_live_session(session, token=token)
    if found is None or found.kind is not kind:
        return None
    csrf_token = csrf_token_of(token) if kind is SessionKind.COOKIE else None
    return SignedIn(found.account, found.session_id, found.kind, csrf_token)


async def _start_session(
    sign_in: SignIn, account: Account, *, kind: SessionKind, attempt_id: UUID
) -> IssuedSession:
    """Forget the failed attempts: whoever knows the password has not been guessing."""
    async with sign_in.database.oversight(actor=ACTOR) as session:
        await store.delete_attempts(session, attempt_id=attempt_id, subject=email_subject(account.email))
        return await store.insert_session(
            session, session_id=uuid7(), account=account, kind=kind, token=make_session_token()
        )
