"""Publishing approved posts at their time, through the same release as what somebody executes by hand."""

from datetime import timedelta

from plant.deliverables import actions as deliverables
from plant.execution.actions import execute_deliverable
from plant.execution.desk import Desk
from plant.publishing import store
from plant.publishing.store import DuePost
from shared.contracts.trading import ExecuteRequest
from shared.correlation import bind_correlation_id
from shared.denials import DenialReason
from shared.errors import PlatformError
from shared.identity import ActorType, Identity
from shared.keys import Issuer
from shared.logs import get_logger

_ACTOR = "service:publishing"
_LEASE = timedelta(seconds=60)
_BATCH = 20
_PASSING = frozenset({DenialReason.KILL_SWITCH, DenialReason.GATE_UNAVAILABLE})


async def publish_due(desk: Desk) -> None:
    """Release every post whose time has come. What a gate denies for good expires, with the reason."""
    async with desk.database.oversight(actor=_ACTOR) as session:
        due = await store.claim_due(session, lease=_LEASE, limit=_BATCH)
    for post in due:
        bind_correlation_id(post.correlation_id)
        await _publish(desk, post)


async def _publish(desk: Desk, post: DuePost) -> None:
    caller = Identity(Issuer.PLANT, ActorType.SERVICE, "publishing", post.customer_id, post.correlation_id)
    try:
        await execute_deliverable(
            desk, post.deliverable_id, request=ExecuteRequest(approval_id=post.approval_id), caller=caller
        )
    except PlatformError as error:
        get_logger().warning("publishing.denied", deliverable_id=post.deliverable_id, reason=error.reason)
        if error.status == 403 and error.reason not in _PASSING:
            await _expire(desk, post, error)


async def _expire(desk: Desk, post: DuePost, error: PlatformError) -> None:
    async with desk.database.tenant(post.customer_id) as session:
        await deliverables.expire(
            session, post.deliverable_id, actor=_ACTOR, notes=f"Not published: {error.detail}"
        )
