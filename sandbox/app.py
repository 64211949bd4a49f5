"""The sandbox's app: one path prefix per venue, `/_control` to steer them, `/health`; loopback only."""

from collections.abc import Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.clock import SandboxClock
from sandbox.control import router as control_router
from sandbox.delta.exchange import DeltaExchange
from sandbox.faults import FaultBook
from sandbox.ledger import CallLedger
from sandbox.platforms import create_platforms
from sandbox.settings import SandboxSettings
from sandbox.venue import ControlError, Venue, World
from sandbox.wire import VenueApp

PROBLEM_JSON = "application/problem+json"


def create_app(settings: SandboxSettings | None = None) -> FastAPI:
    """Build the app with all venues at their start. Raises: ValidationError for a host off the loopback."""
    settings = settings or SandboxSettings()
    world = create_world(settings)
    app = FastAPI(title="Countersign sandbox", docs_url=None, redoc_url=None)
    app.state.world = world
    app.include_router(control_router)
    app.add_api_route("/health/live", _healthy, methods=["GET"])
    app.add_api_route("/health/ready", _healthy, methods=["GET"])
    for venue in world.venues.values():
        app.mount(f"/{venue.name}", VenueApp(world, venue=venue))
    app.add_exception_handler(ControlError, _render_control_error)
    app.add_exception_handler(RequestValidationError, _render_invalid_fields)
    app.add_middleware(LoopbackOnly, settings=settings)
    return app


def create_world(settings: SandboxSettings) -> World:
    clock, faults = SandboxClock(), FaultBook()
    venues: Sequence[Venue] = (
        DeltaExchange(settings, clock=clock, faults=faults),
        *create_platforms(settings, clock=clock),
    )
    return World(
        clock=clock,
        ledger=CallLedger(max_entries=settings.ledger_entries),
        faults=faults,
        venues={venue.name: venue for venue in venues},
    )


class LoopbackOnly:
    """Refuses callers from elsewhere, should a server bind the app to an open address."""

    def __init__(self, app: ASGIApp, *, settings: SandboxSettings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if scope["type"] != "http" or (client is not None and self._settings.is_allowed(client[0])):
            await self._app(scope, receive, send)
            return
        refusal = _problem(403, "not_loopback", "the sandbox answers callers on the loopback only")
        await refusal(scope, receive, send)


async def _healthy() -> dict[str, str]:
    return {"status": "ok"}


async def _render_control_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ControlError)
    return _problem(error.status, error.reason, error.detail)


async def _render_invalid_fields(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = [
        {"field": ".".join(str(part) for part in item["loc"]), "message": item["msg"]}
        for item in error.errors()
    ]
    return _problem(422, "validation_failed", "Some fields are not valid; see errors.", errors=errors)


def _problem(status: int, reason: str, detail: str, *, errors: Sequence[dict[str, str]] = ()) -> JSONResponse:
    content: dict[str, object] = {
        "type": "about:blank",
        "title": reason.replace("_", " "),
        "status": status,
        "detail": detail,
        "reason": reason,
    }
    if errors:
        content["errors"] = list(errors)
    return JSONResponse(content, status_code=status, media_type=PROBLEM_JSON)
