"""Who calls, and may they use this row? Tokens are the portals'; the gateway trusts nothing else."""

from starlette.requests import Request

from gateway.route_table import CALLERS, Caller, Role, Row
from shared.errors import not_allowed, unauthenticated
from shared.identity import (
    IDENTITY_HEADER,
    Identity,
    IdentityRefusedError,
    bearer_token,
    verify_identity,
)
from shared.keys import Issuer, TrustStore


def authenticate(request: Request, *, trust: TrustStore) -> tuple[str, Identity]:
    """Return the token and what it says.

    Raises: PlatformError 401.
    """
    values = request.headers.getlist(IDENTITY_HEADER)
    try:
        token = bearer_token(values[0] if len(values) == 1 else None)
        return token, verify_identity(token, audience=Issuer.PLANT, trust=trust)
    except IdentityRefusedError as error:
        raise unauthenticated(
            "The call needs one valid bearer token of a portal, meant for Plant."
        ) from error


def check_caller(identity: Identity, *, row: Row) -> None:
    """Raises: PlatformError 403 when the row is not for this caller."""
    caller = CALLERS.get((identity.issuer, identity.actor_type))
    if caller not in row.callers:
        raise not_allowed("This caller may not use this path.")
    if caller is Caller.OPERATOR and _rank(identity.roles) < row.role:
        raise not_allowed(f"This needs an operator with the role {row.role.name.lower()!r}.")
    if row.names_customer and identity.customer_id is None:
        raise not_allowed("This path is about one customer's data, and the token names none.")


def _rank(roles: tuple[str, ...]) -> int:
    ranks = {role.name.lower(): role.value for role in Role}
    return max((ranks.get(role, 0) for role in roles), default=0)
