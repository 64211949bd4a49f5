"""What makes a portal safe after its database was restored; each portal's job process calls this.

Nobody is signed in any more, and no approval of then is live: not for the vault, not for Plant, not by a
message that was still waiting.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime

from shared.approvals.stale import revoke_live
from shared.db import Database, OversightSession, open_database
from shared.outbox.backlog.actions import withdraw_approvals
from shared.portal import PortalConfig
from shared.sign_in.actions import end_all_sessions

ACTOR = "service:restore"


Also = Callable[[OversightSession], Awaitable[str]]
"""What one portal alone has to make safe; it says in words what it did."""


def make_portal_safe(config: PortalConfig, *, also: Also | None = None) -> None:
    """Do it for the backup whose time is the process's first argument, and say what was done."""
    taken_at = datetime.fromisoformat(sys.argv[1])
    sys.stdout.write(f"{asyncio.run(_run(config, taken_at=taken_at, also=also))}\n")


async def make_safe(database: Database, *, taken_at: datetime, also: Also | None = None) -> str:
    """Return what was done, in a line. Done twice, it does no harm."""
    because = f"restored from the backup of {taken_at:%Y-%m-%d %H:%M:%S} UTC"
    async with database.oversight(actor=ACTOR) as session:
        await withdraw_approvals(session, because=because)
        revoked = await revoke_live(session, because=because)
        ended = await end_all_sessions(session)
        more = [await also(session)] if also else []
    return ", ".join((f"{ended} sessions ended", f"{revoked} approvals revoked", *more))


async def _run(config: PortalConfig, *, taken_at: datetime, also: Also | None) -> str:
    name = f"{config.issuer}-restored"
    async with open_database(config.database_url, name=name, max_connections=1) as database:
        return await make_safe(database, taken_at=taken_at, also=also)
