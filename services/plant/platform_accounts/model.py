"""A platform account as Plant knows it: a credential ref, whose it is, which vault holds its token."""

from dataclasses import dataclass
from datetime import datetime

from shared.ids import CredentialRef, CustomerId
from shared.keys import Issuer


@dataclass(frozen=True, slots=True)
class PlatformAccount:
    """`since`: when Plant learnt of the present token and identity, on the database's clock."""

    credential_ref: CredentialRef
    customer_id: CustomerId
    platform: str
    vault: Issuer
    posting_identity: str | None
    version: int
    since: datetime

    @property
    def provider(self) -> str:
        """As actions and kill switches name it."""
        return self.platform
