"""The portal itself signs no operator's approval without a second one where two are demanded, whoever asks."""

from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from shared.approvals.decided import record_approval
from shared.approvals.target import Target
from shared.approvals.verify import ApprovalRefusedError
from shared.contracts.approvals import Approver, Preconditions
from tests.plant_double import create_action
from tests.portals import RunningPortal


@pytest.mark.parametrize("confirmed_by", [None, UUID(int=2)])
async def test_one_operators_approval_is_not_signed(
    four_eyes_pp: RunningPortal, confirmed_by: UUID | None
) -> None:
    portal = four_eyes_pp.portal
    approver = Approver(type="operator", id=UUID(int=1), method="assisted", confirmed_by=confirmed_by)
    preconditions = Preconditions(price_shown=Decimal(65_000), allowed_drift_bps=100)
    target = Target(create_action(uuid4()), None, None, preconditions)

    async def record() -> str:
        async with portal.database.oversight(actor="service:test") as session:
            minted = await record_approval(session, portal.approvals, target, approver=approver, notes=None)
        return minted.message.path

    if confirmed_by is None:
        with pytest.raises(ApprovalRefusedError):
            await record()
    else:
        assert await record() == "/internal/v1/approvals"
