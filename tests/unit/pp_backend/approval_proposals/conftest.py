"""Two operators before a portal that demands four eyes."""

import pytest

from tests.portals import RunningPortal
from tests.unit.pp_backend.approval_proposals.people import People, gather_people


@pytest.fixture
async def people(four_eyes_pp: RunningPortal) -> People:
    return await gather_people(four_eyes_pp)
