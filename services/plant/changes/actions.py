"""What has changed since somebody looked? A marker for each topic, to be compared with the one before."""

from plant.changes import store
from plant.changes.model import OVERSIGHT, OWN, markers
from shared.contracts.changes import Changes
from shared.db import Database
from shared.identity import Identity
from shared.ids import CustomerId


async def of_customer(database: Database, customer_id: CustomerId) -> Changes:
    async with database.tenant(customer_id) as session:
        return Changes(markers=markers(OWN, await store.load_own(session)))


async def of_all(database: Database, *, caller: Identity) -> Changes:
    """Nobody's data is in a marker, and it is asked for every second, so it is not recorded as a look at data."""
    async with database.oversight(actor=caller.actor) as session:
        return Changes(markers=markers(OVERSIGHT, await store.load_all(session)))
