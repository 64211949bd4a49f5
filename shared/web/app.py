"""How every service's FastAPI app is made: envelope, problem documents, health, metrics."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response

from shared.contracts.problem import COMMON_ERRORS, Problem
from shared.errors import not_found
from shared.settings import LOOPBACK_HOSTS
from shared.web.envelope import Envelope
from shared.web.problems import install_problem_handlers

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
Probe = Callable[[], Awaitable[bool]]

MAX_BODY_BYTES = 640 * 1024


def create_service_app(
    *,
    service: str,
    title: str,
    lifespan: Lifespan,
    max_body_bytes: int = MAX_BODY_BYTES,
    max_in_flight: int | None = None,
) -> FastAPI:
    """Make the app. The lifespan sets `app.state.probes: dict[str, Probe]` for /health/ready.

    Without a `max_in_flight` it takes all that comes.
    """
    app = FastAPI(
        title=title,
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=COMMON_ERRORS,
    )
    install_problem_handlers(app)
    app.add_middleware(Envelope, service=service, max_body_bytes=max_body_bytes, max_in_flight=max_in_flight)
    app.openapi = lambda: _openapi(app)
    _add_health_routes(app)
    return app


def _add_health_routes(app: FastAPI) -> None:
    @app.get("/health/live", tags=["health"], responses={200: {"description": "The process answers."}})
    async def live() -> dict[str, str]:  # pyright: ignore[reportUnusedFunction]  registered by the decorator
        return {"status": "live"}

    @app.get("/health/ready", tags=["health"])
    async def ready(request: Request) -> Response:  # pyright: ignore[reportUnusedFunction]  registered by the decorator
        probes: dict[str, Probe] = getattr(request.app.state, "probes", {})
        results = {name: await probe() for name, probe in probes.items()}
        status = 200 if all(results.values()) else 503
        headers = {} if status == 200 else {"Retry-After": "1"}
        return JSONResponse({"ready": status == 200, "checks": results}, status, headers)

    @app.get("/metrics", include_in_schema=False)
    async def metrics(request: Request) -> Response:  # pyright: ignore[reportUnusedFunction]  registered by the decorator
        if request.client is None or request.client.host not in LOOPBACK_HOSTS:
            raise not_found("page")
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, routes=app.routes)
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(schemas["Problem"].pop("$defs", {}))
        _say_refusals_once(schema)
        app.openapi_schema = schema
    return app.openapi_schema


def _say_refusals_once(schema: dict[str, Any]) -> None:
    """What many operations answer alike stands once among the components, each points to it."""
    names = {str(status): f"Problem{status}" for status in COMMON_ERRORS}
    common = {names[str(status)]: refusal for status, refusal in COMMON_ERRORS.items()}
    schema["components"]["responses"] = common
    for operation in (each for path in schema["paths"].values() for each in path.values()):
        for status, response in operation.get("responses", {}).items():
            if status in names and response == common[names[status]]:
                operation["responses"][status] = {"$ref": f"#/components/responses/{names[status]}"}
