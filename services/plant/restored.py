"""Makes Plant safe after its database was restored: `python -m plant.restored <when the backup was taken>`.

The restored rows know nothing of what happened after the backup. So: everything is stopped, no approval
or draft of then can be used, and what may have been sent is looked up and never sent. One transaction.
"""

import asyncio
import sys
from datetime import datetime

from plant.approvals import actions as approvals
from plant.deliverables import actions as deliverables
from plant.enforcement import actions as enforcement
from plant.evidence.heads import actions as chains
from plant.execution.backlog import actions as backlog
from plant.settings import PlantSettings
from shared.db import Database, open_database
from shared.logs import configure_logs
from shared.start import settings_at_start

ACTOR = "service:restore"


async def make_safe(database: Database, *, taken_at: datetime) -> str:
    """Return what was done, in a line. Done twice, it does no harm."""
    because = f"restored from the backup of {taken_at:%Y-%m-%d %H:%M:%S} UTC"
    async with database.oversight(actor=ACTOR) as session:
        await enforcement.stop_everything(session, because=because)
        chains_marked = await chains.record_restore(session, taken_at=taken_at)
        in_doubt = await backlog.put_in_doubt(session, because=because)
        revoked = await approvals.revoke_unused(session, because=because)
        expired = await deliverables.expire_waiting(session, actor=ACTOR, notes=because)
    return (
        f"kill switch engaged, {revoked} approvals revoked, {expired} drafts expired, "
        f"{in_doubt} executions to be looked up, {chains_marked} audit chains marked"
    )


async def run(settings: PlantSettings, *, taken_at: datetime) -> str:
    async with open_database(
        settings.plant_database_url, name="plant-restored", max_connections=1
    ) as database:
        return await make_safe(database, taken_at=taken_at)


def main() -> None:
    settings = settings_at_start(PlantSettings)
    configure_logs(service="plant", level=settings.log_level)
    taken_at = datetime.fromisoformat(sys.argv[1])
    sys.stdout.write(f"{asyncio.run(run(settings, taken_at=taken_at))}\n")


if __name__ == "__main__":
    main()
