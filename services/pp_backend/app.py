"""The platform portal, for operators: `uvicorn --factory pp_backend.app:create_app`."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from pp_backend.agent_type_authoring.passages import PASSAGES as AUTHORING
from pp_backend.approval_proposals import routes as proposal_routes
from pp_backend.events import routes as event_routes
from pp_backend.oversight.passages import PASSAGES
from pp_backend.settings import PpSettings, migrated_settings
from pp_backend.timelines import routes as timeline_routes
from shared.approvals import routes as approval_routes
from shared.logs import configure_logs
from shared.portal import open_portal
from shared.sign_in import routes as sign_in_routes
from shared.vault import routes as vault_routes
from shared.web.app import create_service_app
from shared.web.events_live import LiveUpdates
from shared.web.pages import Pages
from shared.web.passages import make_passage_router

SERVICE = "pp"
TITLE = "Countersign platform portal"
ROUTERS = (
    sign_in_routes.router,
    vault_routes.operator_router,
    vault_routes.plant_router,
    approval_routes.operator_router,
    proposal_routes.router,
    timeline_routes.router,
    event_routes.router,
    make_passage_router((*PASSAGES, *AUTHORING), tag="plant"),
)
_ENTRY_PAGE = "ops.html"


def create_app(settings: PpSettings | None = None) -> FastAPI:
    """Settings are read here, so that a wrong one stops the start with its name."""
    settings = settings or migrated_settings()
    configure_logs(service=SERVICE, level=settings.log_level)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with open_portal(settings.config()) as portal:
            app.state.wiring = portal
            app.state.probes = {"database": portal.database.is_reachable}
            yield

    app = create_service_app(
        service=SERVICE, title=TITLE, lifespan=lifespan, max_in_flight=settings.max_in_flight
    )
    app.state.live = LiveUpdates()
    for router in ROUTERS:
        app.include_router(router)
    app.router.routes.append(Pages(settings.web_dir, _ENTRY_PAGE).route())
    return app
