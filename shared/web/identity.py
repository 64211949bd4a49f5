"""Who calls, for routes: the identity that the service's front door has verified."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.errors import not_allowed, unauthenticated
from shared.identity import (
    IDENTITY_HEADER,
    PROOF_HEADER,
    ActorType,
    Identity,
    IdentityRefusedError,
    bearer_token,
    verify_identity,
    verify_proof,
)
from shared.ids import CustomerId
from shared.keys import Issuer, TrustStore
from shared.web.problems import problem_response

_OPEN_PATHS = frozenset({"/health/live", "/health/ready", "/metrics", "/openapi.json"})


class OnlyThroughGateway:
    """ASGI middleware: nothing but health and metrics without a portal's token and the gateway's proof."""

    def __init__(self, app: ASGIApp, *, trust: TrustStore) -> None:
        self._app = app
        self._trust = trust

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        try:
            identity = self._verify(scope)
        except IdentityRefusedError as error:
            await problem_response(unauthenticated(f"Plant answers the gateway only: {error}."))(
                scope, receive, send
            )
            return
        scope.setdefault("state", {})["identity"] = identity
        await self._app(scope, receive, send)

    def _verify(self, scope: Scope) -> Identity:
        headers = Headers(scope=scope)
        token = bearer_token(headers.get(IDENTITY_HEADER))
        path = scope["raw_path"].decode("ascii")
        verify_proof(
            headers.get(PROOF_HEADER, ""),
            identity_token=token,
            method=scope["method"],
            path=path,
            trust=self._trust,
        )
        return verify_identity(token, audience=Issuer.PLANT, trust=self._trust)


async def _identity(request: Request) -> Identity:
    return request.state.identity


async def _customer_id(identity: Annotated[Identity, Depends(_identity)]) -> CustomerId:
    if identity.customer_id is None:
        raise not_allowed("This call needs to say which customer it is for.")
    return identity.customer_id


async def _operator(identity: Annotated[Identity, Depends(_identity)]) -> Identity:
    if identity.actor_type is not ActorType.OPERATOR or identity.issuer is not Issuer.PP:
        raise not_allowed("This is for operators of the platform portal.")
    return identity


async def _portal_service(identity: Annotated[Identity, Depends(_identity)]) -> Identity:
    if identity.actor_type is not ActorType.SERVICE or identity.issuer not in (Issuer.CP, Issuer.PP):
        raise not_allowed("This is for the portals themselves.")
    if identity.customer_id is None:
        raise not_allowed("This call needs to say which customer it is for.")
    return identity


CallerIdentity = Annotated[Identity, Depends(_identity)]
CallerCustomer = Annotated[CustomerId, Depends(_customer_id)]
OperatorIdentity = Annotated[Identity, Depends(_operator)]
PortalIdentity = Annotated[Identity, Depends(_portal_service)]
