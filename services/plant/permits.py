"""The permit: what every write method of a broker or publisher demands.

Only `plant.enforcement` constructs one (an import contract and tests/architecture prove it), and only
after the gates have let exactly this action of exactly this execution pass.
"""

from dataclasses import dataclass

from shared.ids import ActionHash, ExecutionId


class PermitMismatchError(Exception):
    """An integration was about to send something else than what the permit is for."""


@dataclass(frozen=True, slots=True)
class Permit:
    action_hash: ActionHash
    execution_id: ExecutionId

    def check_covers(self, action_hash: ActionHash) -> None:
        """Raises: PermitMismatchError."""
        if action_hash != self.action_hash:
            raise PermitMismatchError(f"the permit is for {self.action_hash}, the action is {action_hash}")
