"""What an execution asks of wherever its action goes, be it an exchange or a platform for posts."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from plant.brokers.base import NotSent, Refused, Unknown
from plant.execution.accounts import AnyAccount
from plant.execution.model import HeldExecution
from plant.execution.store import Change
from plant.permits import Permit


@dataclass(frozen=True, slots=True)
class Taken:
    """The venue took it; `change` is what it says of it."""

    change: Change


Sent = Taken | Refused | NotSent | Unknown


@dataclass(frozen=True, slots=True)
class Sending:
    """A request that is ready; `send` sends it once. After `valid_until` nobody takes it any more."""

    valid_until: datetime
    request_hash: str
    send: Callable[[], Awaitable[Sent]] = field(repr=False)


class Venue(Protocol):
    """Each call gets its credential from the vault and lets go of it."""

    async def prepare(
        self, held: HeldExecution, *, permit: Permit, account: AnyAccount, approval: str
    ) -> Sending:
        """Raises: BrokerError, CredentialRefusedError, VaultUnreachableError, PermitMismatchError,
        UnpublishableError.
        """
        ...

    async def find(self, held: HeldExecution, *, account: AnyAccount, taken: frozenset[str]) -> Change | None:
        """What the venue says of it; None only when the venue is healthy and says that there is none.

        `taken` are the venue's ids of the account's other executions.

        Raises: BrokerError, CredentialRefusedError, VaultUnreachableError.
        """
        ...
