"""Key rotation of a vault: wraps every data key under the active key-encryption key, in resumable batches."""

from shared.db import Database
from shared.logs import get_logger
from shared.vault import store
from shared.vault.envelope import KeyEncryption, record_context, rewrap
from shared.vault.model import SealedCredential

BATCH = 100
_ACTOR = "service:vault-rewrap"


async def rewrap_all(database: Database, *, keys: KeyEncryption, batch: int = BATCH) -> int:
    """Return how many were re-wrapped. Stopped at any point, the next run goes on with the rest.

    Raises: EnvelopeError when a record's key-encryption key is missing; it and the rest stay as they were.
    """
    done = 0
    while waiting := await _waiting(database, keys=keys, limit=batch):
        for sealed in waiting:
            await _rewrap_one(database, sealed, keys=keys)
        done += len(waiting)
        get_logger().info("vault.rewrapped", done=done)
    return done


async def _waiting(database: Database, *, keys: KeyEncryption, limit: int) -> list[SealedCredential]:
    async with database.oversight(actor=_ACTOR) as session:
        return await store.list_wrapped_otherwise(session, key_version=keys.active_version(), limit=limit)


async def _rewrap_one(database: Database, sealed: SealedCredential, *, keys: KeyEncryption) -> None:
    context = record_context(
        credential_ref=sealed.credential_ref, customer_id=sealed.customer_id, version=sealed.version
    )
    key = await rewrap(sealed.envelope.key, context=context, keys=keys)
    async with database.oversight(actor=_ACTOR) as session:
        await store.replace_wrapping(session, sealed, key=key)
