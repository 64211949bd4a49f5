"""How many failed sign-ins are too many; counted in PostgreSQL, so every process sees every attempt."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from shared.db import Database, OversightSession
from shared.errors import too_many_requests
from shared.ids import uuid7
from shared.sign_in import store

ACTOR = "service:sign-in"


@dataclass(frozen=True, slots=True)
class Throttle:
    """Failures allowed within the window. An address may be a whole office, so it may fail more often."""

    window_s: int = 300
    failures_per_email: int = 10
    failures_per_address: int = 100


async def reserve_attempt(database: Database, throttle: Throttle, *, email: str | None, address: str) -> UUID:
    """Count the attempt before the password is looked at, so that parallel guesses cannot slip past.

    Raises: PlatformError 429 with Retry-After.
    """
    limits = {address_subject(address): throttle.failures_per_address}
    if email is not None:
        limits[email_subject(email)] = throttle.failures_per_email
    attempt_id = uuid7()
    async with database.oversight(actor=ACTOR) as session:
        await store.delete_old_attempts(session, window_s=throttle.window_s)
        for subject in sorted(limits):
            await store.lock_subject(session, subject=subject)
        await _check_allowed(session, limits, window_s=throttle.window_s)
        for subject in limits:
            await store.insert_attempt(session, attempt_id=attempt_id, subject=subject)
    return attempt_id


def email_subject(email: str) -> bytes:
    return hashlib.sha256(f"email:{email.lower()}".encode()).digest()


def address_subject(address: str) -> bytes:
    return hashlib.sha256(f"address:{address}".encode()).digest()


async def _check_allowed(session: OversightSession, limits: Mapping[bytes, int], *, window_s: int) -> None:
    for subject, limit in limits.items():
        wait_s = await store.seconds_until_allowed(session, subject=subject, limit=limit, window_s=window_s)
        if wait_s is not None:
            raise too_many_requests(
                "Too many failed sign-ins; wait before the next one.", retry_after_s=wait_s
            )
