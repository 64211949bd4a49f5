"""The hired agent behind an action: one that does not work causes nothing, and its own limits hold at the door."""

from plant.enforcement.model import Deny
from plant.exchange_accounts.model import Account
from plant.execution.accounts import AnyAccount
from plant.hired_agents import reading as hired_agents
from plant.hired_agents.limits import tightened
from plant.hired_agents.model import HiredInstanceId, Instance
from shared.approvals.action import Action
from shared.contracts.hired_agents import InstanceState
from shared.db import TenantSession
from shared.denials import DenialReason
from shared.errors import PlatformError

_NOT_FOUND = 404


async def find(session: TenantSession, action: Action) -> Instance | Deny | None:
    """None when no hired agent is behind the action, or when it is gone: then its plan denies."""
    if action.hired_instance_id is None:
        return None
    try:
        instance = await hired_agents.open_instance(session, HiredInstanceId(action.hired_instance_id))
    except PlatformError as error:
        if error.status != _NOT_FOUND:
            return None
        return Deny(DenialReason.PRECONDITION_FAILED, "There is no such hired agent.")
    if instance.stored.state is not InstanceState.ACTIVE:
        return Deny(
            DenialReason.PRECONDITION_FAILED,
            f"The hired agent is {instance.stored.state.value}; put it to work again first.",
        )
    return instance


def limited(account: AnyAccount, instance: Instance | None) -> AnyAccount:
    """The account under the limits of the hired agent as well."""
    return tightened(account, instance) if instance and isinstance(account, Account) else account
