"""Plant's web service. Everything but health and metrics is reached through the gateway only."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI

from plant.agent_types import routes as agent_types
from plant.approvals import routes as approvals
from plant.changes import routes as changes
from plant.customers import routes as customers
from plant.deliverables import routes as deliverables
from plant.enforcement import routes as enforcement
from plant.evidence import routes as evidence
from plant.exchange_accounts import routes as exchange_accounts
from plant.execution import routes as execution
from plant.goals import routes as goals
from plant.hired_agents import routes as hired_agents
from plant.metering import routes as metering
from plant.notifications import routes as notifications
from plant.notifications.forwarding import routes as forwarding
from plant.platform_accounts import routes as platform_accounts
from plant.publishing import routes as publishing
from plant.reference_agents import routes as reference_agents
from plant.scheduler import routes as scheduler
from plant.settings import PlantSettings, migrated_settings
from plant.snapshots import routes as snapshots
from plant.subscriptions import routes as subscriptions
from plant.timelines import routes as timelines
from plant.wiring import open_wiring
from shared.keys import TrustStore
from shared.logs import configure_logs
from shared.web.app import create_service_app
from shared.web.identity import OnlyThroughGateway

_ROUTERS = (
    reference_agents.router,
    execution.router,
    approvals.router,
    exchange_accounts.router,
    snapshots.router,
    enforcement.router,
    metering.router,
    evidence.own,
    evidence.delivered,
    evidence.oversight,
    agent_types.router,
    agent_types.authoring,
    subscriptions.router,
    platform_accounts.router,
    publishing.router,
    hired_agents.router,
    hired_agents.oversight,
    goals.router,
    notifications.router,
    forwarding.router,
    scheduler.router,
    timelines.router,
    changes.router,
    customers.router,
    deliverables.oversight,
    execution.oversight,
)


def create_app(settings: PlantSettings | None = None) -> FastAPI:
    chosen = settings or migrated_settings()
    configure_logs(service="plant", level=chosen.log_level)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with open_wiring(chosen, name="plant") as wiring:
            app.state.wiring = wiring
            app.state.probes = {"database": wiring.database.is_reachable}
            yield

    app = create_service_app(service="plant", title="Countersign Plant", lifespan=lifespan)
    app.add_middleware(OnlyThroughGateway, trust=TrustStore(chosen.trust_file))
    for router in (deliverables.router, hired_agents.written, goals.written):
        app.include_router(router, dependencies=[Depends(enforcement.refuse_raw_secrets)])
    for router in _ROUTERS:
        app.include_router(router)
    return app
