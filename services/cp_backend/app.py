"""The customer portal: `uvicorn --factory cp_backend.app:create_app`."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import FastAPI

from cp_backend.approvals import routes as review_routes
from cp_backend.events import routes as event_routes
from cp_backend.my_agents import routes as my_agents_routes
from cp_backend.notifications import routes as notification_routes
from cp_backend.notifications.delivery import delivering
from cp_backend.notifications.transport import AppriseTransport
from cp_backend.proxy.passages import PASSAGES
from cp_backend.settings import CpSettings, migrated_settings
from cp_backend.subscriptions import routes as subscription_routes
from shared.approvals import routes as approval_routes
from shared.logs import configure_logs
from shared.portal import open_portal
from shared.sign_in import routes as sign_in_routes
from shared.vault import routes as vault_routes
from shared.web.app import create_service_app
from shared.web.events_live import LiveUpdates
from shared.web.pages import Pages
from shared.web.passages import make_passage_router

SERVICE = "cp"
TITLE = "Countersign customer portal"
ROUTERS = (
    sign_in_routes.router,
    sign_in_routes.sign_up_router,
    vault_routes.customer_router,
    vault_routes.platform_router,
    vault_routes.plant_router,
    approval_routes.customer_router,
    review_routes.router,
    subscription_routes.router,
    my_agents_routes.router,
    notification_routes.router,
    event_routes.router,
    make_passage_router(PASSAGES, tag="plant"),
)
_ENTRY_PAGE = "customer.html"


def create_app(settings: CpSettings | None = None) -> FastAPI:
    """Settings are read here, so that a wrong one stops the start with its name."""
    settings = settings or migrated_settings()
    configure_logs(service=SERVICE, level=settings.log_level)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with open_portal(settings.config()) as portal:
            app.state.wiring = portal
            app.state.probes = {"database": portal.database.is_reachable}
            async with delivering(portal, AppriseTransport(settings.is_local)):
                yield

    app = create_service_app(
        service=SERVICE, title=TITLE, lifespan=lifespan, max_in_flight=settings.max_in_flight
    )
    app.state.subscription_retention = timedelta(days=settings.subscription_retention_days)
    app.state.live = LiveUpdates()
    for router in ROUTERS:
        app.include_router(router)
    app.router.routes.append(Pages(settings.web_dir, _ENTRY_PAGE).route())
    return app
