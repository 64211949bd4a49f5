"""What a portal needs to approve: its own approval key, its register of approvals, and a way to Plant.

`four_eyes`: what an operator approves for a customer waits for a second operator.
"""

from dataclasses import dataclass

from shared.approvals.mint import Lifetimes
from shared.db import Database
from shared.keys import Issuer, SigningKey
from shared.outbox.actions import Outbox
from shared.plant_client import PlantClient


@dataclass(frozen=True, slots=True)
class ApprovalDesk:
    issuer: Issuer
    key: SigningKey
    lifetimes: Lifetimes
    database: Database
    plant: PlantClient
    outbox: Outbox
    four_eyes: bool
