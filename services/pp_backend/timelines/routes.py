"""HTTP for timelines: all that is on record under one correlation id."""

from uuid import UUID

from fastapi import APIRouter

from pp_backend.timelines import actions
from shared.contracts.timelines import Timeline
from shared.web.portal import ThePortal, Viewer

router = APIRouter(prefix="/api/pp/correlations", tags=["timelines"])


@router.get("/{correlation_id}")
async def read_correlation(correlation_id: UUID, viewer: Viewer, portal: ThePortal) -> Timeline:
    return await actions.read(portal, correlation_id, by=viewer)
