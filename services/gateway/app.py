"""The gateway: the only network way into Plant. One route per row of the route table, nothing else."""

import re
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from gateway.authenticate import authenticate, check_caller
from gateway.forward import Forwarding, build_request, read_body
from gateway.limits import Rate, TokenBuckets
from gateway.route_table import ROUTE_TABLE, RateClass, Row
from gateway.settings import GatewaySettings
from shared.contracts.problem import COMMON_ERRORS, documented
from shared.correlation import bind_correlation_id
from shared.http_client import HttpClient, open_http_client
from shared.identity import Identity
from shared.keys import Issuer, Purpose, SigningKey, TrustStore, load_signing_key
from shared.logs import configure_logs
from shared.start import settings_at_start
from shared.web.app import create_service_app
from shared.web.in_flight import InFlight

# Plain segments only: no encoding, no empty or dotted segment, so that no two readings of a path exist.
_PLAIN_PATH = re.compile(rb"(?:/[A-Za-z0-9_~:\-][A-Za-z0-9._~:\-]*)+")
_BEARER = HTTPBearer(auto_error=False, description="The identity token of a portal, meant for Plant.")
_PARAMETER = re.compile(r"{(\w+)}")


class PlainPathRoute(APIRoute):
    """Matches a path only as it was sent, and only if it can be read in one way."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if not _PLAIN_PATH.fullmatch(scope["raw_path"]):
            return Match.NONE, {}
        return super().matches(scope)


@dataclass(frozen=True, slots=True)
class Wiring:
    client: HttpClient
    key: SigningKey
    trust: TrustStore
    buckets: Mapping[RateClass, TokenBuckets]
    in_flight: InFlight


def create_app() -> FastAPI:
    settings = settings_at_start(GatewaySettings)
    configure_logs(service="gateway", level=settings.log_level)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with _open_plant_client(settings) as client:
            app.state.wiring = _wire(settings, client=client)
            yield

    app = create_service_app(service="gateway", title="Countersign gateway", lifespan=lifespan)
    app.router.route_class = PlainPathRoute
    for row in ROUTE_TABLE:
        _add_route(app, row)
    return app


def _wire(settings: GatewaySettings, *, client: HttpClient) -> Wiring:
    rates = {
        RateClass.READ: settings.gateway_read_rate_per_s,
        RateClass.WRITE: settings.gateway_write_rate_per_s,
        RateClass.DELIVERY: settings.gateway_delivery_rate_per_s,
    }
    return Wiring(
        client=client,
        key=load_signing_key(settings.gateway_key_dir, issuer=Issuer.GATEWAY, purpose=Purpose.IDENTITY),
        trust=TrustStore(settings.trust_file),
        buckets={name: TokenBuckets(Rate(per_s=rate, burst=2 * rate)) for name, rate in rates.items()},
        in_flight=InFlight(settings.gateway_max_in_flight, reason="gateway_busy"),
    )


def _open_plant_client(settings: GatewaySettings) -> AbstractAsyncContextManager[HttpClient]:
    """As many connections as requests may be in flight, so that none waits for a connection."""
    return open_http_client(
        base_url=settings.plant_url,
        timeout_s=settings.gateway_answer_timeout_s,
        max_connections=settings.gateway_max_in_flight,
    )


def _add_route(app: FastAPI, row: Row) -> None:
    app.add_api_route(
        row.path,
        _endpoint(row),
        methods=[row.method],
        summary=row.summary,
        operation_id=_operation_id(row),
        response_class=Response,
        dependencies=[Security(_BEARER)],
        responses={**COMMON_ERRORS, **documented(502)},
        openapi_extra=_documentation(row),
    )


def _endpoint(row: Row) -> Callable[[Request], Awaitable[Response]]:
    async def forward(request: Request) -> Response:
        wiring: Wiring = request.app.state.wiring
        token, identity = authenticate(request, trust=wiring.trust)
        bind_correlation_id(identity.correlation_id)
        check_caller(identity, row=row)
        wiring.buckets[row.rate].take(_payer(identity), now_s=time.monotonic())
        body = await read_body(request, limit=row.body_limit)
        outgoing = build_request(request, body=body, token=token, identity=identity, key=wiring.key)
        return Forwarding(outgoing, client=wiring.client, in_flight=wiring.in_flight)

    return forward


def _payer(identity: Identity) -> str:
    return f"{identity.issuer}:{identity.actor}:{identity.customer_id}"


def _operation_id(row: Row) -> str:
    return f"{row.method.lower()}_{re.sub(r'[^a-z0-9]+', '_', row.path.lower()).strip('_')}"


def _documentation(row: Row) -> dict[str, Any]:
    """What FastAPI cannot see: the path's parameters, and that a body goes to Plant unread."""
    names = _PARAMETER.findall(row.path)
    schema = {"type": "string"}
    extra: dict[str, Any] = {}
    if names:
        extra["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": schema} for name in names
        ]
    if row.body_limit:
        extra["requestBody"] = {"content": {"application/json": {"schema": {"type": "object"}}}}
    return extra
