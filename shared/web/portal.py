"""What a portal's routes start from: the portal itself, and whoever is signed in."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from shared.contracts.sign_in import AccountKind, Role
from shared.errors import PlatformError, not_allowed, unauthenticated
from shared.portal import Portal
from shared.sign_in.actions import find_signed_in
from shared.sign_in.model import SessionKind, SignedIn, has_role, is_csrf_token_of
from shared.sign_in.operator_log import record_operator_action
from shared.sign_in.party import Party, customer_party, operator_party

CSRF_HEADER = "X-CSRF-Token"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_bearer = HTTPBearer(auto_error=False, description="A token of /api/auth/token; browsers send their cookie.")
_csrf = APIKeyHeader(name=CSRF_HEADER, auto_error=False, scheme_name="CsrfToken")


async def portal_of(request: Request) -> Portal:
    return request.app.state.wiring


ThePortal = Annotated[Portal, Depends(portal_of)]


def cookie_name(portal: Portal) -> str:
    """The two portals share a host locally, and a browser's cookies know no ports: each has its own name."""
    name = f"countersign_{portal.config.issuer}"
    return name if portal.config.is_local else f"__Host-{name}"


def check_origin(request: Request, portal: Portal) -> None:
    """Refuse a browser's request that another site caused.

    Raises: PlatformError 403 `origin_not_allowed`.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        return
    own = {urlsplit(portal.config.public_url).netloc, request.headers.get("Host", "")}
    if origin.partition("://")[2] not in own:
        raise PlatformError(403, "origin_not_allowed", "The request comes from a page of another site.")


async def signed_in(
    request: Request,
    portal: ThePortal,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    csrf_token: Annotated[str | None, Security(_csrf)],
) -> SignedIn:
    """Find who is calling: by bearer token, else by cookie, which needs the CSRF token on unsafe methods.

    Raises: PlatformError 401; 403 `csrf_token_invalid` or `origin_not_allowed`.
    """
    if bearer is not None:
        return await _find(portal, token=bearer.credentials, kind=SessionKind.BEARER)
    token = request.cookies.get(cookie_name(portal))
    if not token:
        raise unauthenticated()
    person = await _find(portal, token=token, kind=SessionKind.COOKIE)
    if request.method not in _SAFE_METHODS:
        check_origin(request, portal)
        _check_csrf_token(token, presented=csrf_token)
    return person


Person = Annotated[SignedIn, Depends(signed_in)]


async def require_customer(person: Person) -> Party:
    """Raises: PlatformError 401, 403."""
    if person.account.kind is not AccountKind.CUSTOMER:
        raise not_allowed("Only a customer can do this.")
    return customer_party(person)


Customer = Annotated[Party, Depends(require_customer)]


class RequireOperator:
    """A dependency that lets operators of a role (or a higher one) in and records what they ask for.

    `is_recorded` is False for looks alone that a page repeats by itself every few seconds.
    """

    def __init__(self, role: Role, *, is_recorded: bool = True) -> None:
        self._role = role
        self._is_recorded = is_recorded

    async def __call__(self, request: Request, portal: ThePortal, person: Person) -> Party:
        """Raises: PlatformError 401, 403."""
        account = person.account
        if account.kind is not AccountKind.OPERATOR or not has_role(account.roles, needed=self._role):
            raise not_allowed(f"Only an operator with the role {self._role} can do this.")
        if self._is_recorded:
            await record_operator_action(
                portal.database,
                account,
                method=request.method,
                path=_raw_path(request),
                query=request.url.query,
            )
        return operator_party(person)


Viewer = Annotated[Party, Depends(RequireOperator(Role.VIEWER))]
Operator = Annotated[Party, Depends(RequireOperator(Role.OPERATOR))]
Admin = Annotated[Party, Depends(RequireOperator(Role.ADMIN))]


def _raw_path(request: Request) -> str:
    return bytes(request.scope["raw_path"]).decode("latin-1")


async def _find(portal: Portal, *, token: str, kind: SessionKind) -> SignedIn:
    person = await find_signed_in(portal.sign_in, token=token, kind=kind)
    if person is None:
        raise unauthenticated("The session has ended; sign in again.")
    return person


def _check_csrf_token(token: str, *, presented: str | None) -> None:
    if presented is None or not is_csrf_token_of(token, presented=presented):
        raise PlatformError(
            403, "csrf_token_invalid", f"Send the csrf_token of the sign-in as {CSRF_HEADER}."
        )
