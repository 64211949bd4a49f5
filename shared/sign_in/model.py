"""Accounts, sessions and roles as values; what a session's tokens look like at rest and on the wire."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.sign_in import AccountKind, Role
from shared.ids import CustomerId

SESSION_LIFETIME_S = 12 * 3600
_RANK = {Role.VIEWER: 0, Role.OPERATOR: 1, Role.ADMIN: 2}


class SessionKind(StrEnum):
    COOKIE = "cookie"
    BEARER = "bearer"


@dataclass(frozen=True, slots=True)
class Account:
    account_id: UUID
    email: str
    kind: AccountKind
    roles: tuple[Role, ...]

    @property
    def customer_id(self) -> CustomerId:
        """A customer's account is the customer."""
        if self.kind is not AccountKind.CUSTOMER:
            raise ValueError("an operator's account is no customer")
        return CustomerId(self.account_id)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody whose session was checked for the request at hand."""

    account: Account
    session_id: UUID
    kind: SessionKind
    csrf_token: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class IssuedSession:
    token: str = field(repr=False)
    kind: SessionKind
    account: Account
    expires_at: datetime

    @property
    def csrf_token(self) -> str:
        return csrf_token_of(self.token)


@dataclass(frozen=True, slots=True)
class StoredAccount:
    account: Account
    password_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredSession:
    session_id: UUID
    kind: SessionKind
    account: Account


def make_session_token() -> str:
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> bytes:
    """What the database keeps of a session token."""
    return hashlib.sha256(token.encode()).digest()


def csrf_token_of(token: str) -> str:
    """Derived from the session token, which it does not reveal; so nothing more is stored."""
    return hmac.new(token.encode(), b"countersign csrf", hashlib.sha256).hexdigest()


def is_csrf_token_of(token: str, *, presented: str) -> bool:
    return hmac.compare_digest(csrf_token_of(token).encode(), presented.encode())


def has_role(held: Collection[Role], *, needed: Role) -> bool:
    return any(_RANK[role] >= _RANK[needed] for role in held)
