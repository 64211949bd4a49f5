"""Wire models of sign-in: what a person sends, and the account and tokens that come back."""

import re
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, SecretStr, StringConstraints

from shared.contracts.base import WireModel

_EMAIL_SHAPE = re.compile(r"[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f.]+(\.[^@\s\x00-\x1f\x7f.]+)+")


def _check_email(text: str) -> str:
    if not _EMAIL_SHAPE.fullmatch(text):
        raise ValueError("must be an e-mail address")
    return text.lower()


Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(_check_email)]


class AccountKind(StrEnum):
    CUSTOMER = "customer"
    OPERATOR = "operator"


class Role(StrEnum):
    """What an operator may do; each role includes the ones before it."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"


def _check_encodable(password: SecretStr) -> SecretStr:
    try:
        password.get_secret_value().encode()
    except UnicodeEncodeError:
        raise ValueError("must be text in UTF-8") from None
    return password


Password = Annotated[SecretStr, Field(max_length=200), AfterValidator(_check_encodable)]


class LoginRequest(WireModel):
    email: Email
    password: Annotated[Password, Field(min_length=1)]


class SignUpRequest(WireModel):
    email: Email
    password: Annotated[Password, Field(min_length=10)]


class AccountView(WireModel):
    """`roles` only for operators."""

    id: UUID
    email: str
    kind: AccountKind
    roles: tuple[Role, ...] | None = None


class SignedInAnswer(WireModel):
    """`csrf_token` goes into X-CSRF-Token on unsafe methods; a bearer session has none."""

    csrf_token: str | None = None
    account: AccountView


class TokenAnswer(WireModel):
    """Units: `expires_in` in seconds."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  a kind of token, not a token
    expires_in: int
