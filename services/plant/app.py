"""Plant's web service. Everything but health and metrics is reached through the gateway only."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI

from plant.approvals import routes as approvals
from plant.deliverables import routes as deliverables
from plant.enforcement import routes as enforcement
from plant.evidence import routes as evidence
from plant.exchange_accounts import routes as exchange_accounts
from plant.execution import routes as execution
from plant.metering import routes as metering
from plant.reference_agents import routes as reference_agents
from plant.settings import PlantSettings, migrated_settings
from plant.snapshots import routes as snapshots
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
    app.include_router(deliverables.router, dependencies=[Depends(enforcement.refuse_raw_secrets)])
    for router in _ROUTERS:
        app.include_router(router)
    return app
