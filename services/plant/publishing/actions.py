"""Publishing what was approved for a time, at that time: through the same door as everything else."""

from datetime import timedelta

from plant.deliverables import actions as deliverables
from plant.execution import accounts
from plant.execution.desk import Desk
from plant.execution.inputs import ReleaseCommand
from plant.execution.release import execute
from plant.notifications import actions as notifications
from plant.notifications.model import NewNotification
from plant.publishing import store
from plant.publishing.store import DuePost
from shared.approvals.action import Action
from shared.clock import utc_now
from shared.contracts.notifications import NotificationKind
from shared.correlation import bind_correlation_id
from shared.errors import PlatformError
from shared.logs import get_logger
from shared.posts.decision import PUBLISH_WITHIN, scheduled_time

ACTOR = "service:publishing"
_LEASE = timedelta(seconds=30)
_BATCH = 20


async def publish_due(desk: Desk) -> int:
    """Release the posts whose time has come; return how many were looked at.

    One that is denied is tried again until its hour is over, and then expires with the reason.
    """
    async with desk.database.oversight(actor=ACTOR) as session:
        due = await store.claim_due(session, lease=_LEASE, limit=_BATCH)
    for post in due:
        bind_correlation_id(post.correlation_id)
        await _publish(desk, post)
    return len(due)


async def _publish(desk: Desk, post: DuePost) -> None:
    async with desk.database.tenant(post.customer_id) as session:
        deliverable = await deliverables.get(session, post.deliverable_id)
        action = deliverable.draft.action if deliverable.draft else None
        account = await accounts.find(session, action) if action else None
    if action is None or account is None:
        await _expire(desk, post, because="the account is gone")
        return
    command = ReleaseCommand(
        action=action,
        account=account,
        agent_id=deliverable.agent_id,
        actor=ACTOR,
        approval_id=post.approval_id,
        intent=action.kind,
        deliverable_id=post.deliverable_id,
        submitted={},
    )
    await _release(desk, post, command)


async def _release(desk: Desk, post: DuePost, command: ReleaseCommand) -> None:
    try:
        await execute(desk, command)
    except PlatformError as error:
        get_logger().warning("post.not_published", deliverable_id=post.deliverable_id, reason=error.reason)
        if _is_over(command.action):
            await _expire(desk, post, because=f"{error.reason}: {error.detail}")


def _is_over(action: Action) -> bool:
    scheduled = scheduled_time(action.post)
    return scheduled is None or utc_now() >= scheduled + PUBLISH_WITHIN


async def _expire(desk: Desk, post: DuePost, *, because: str) -> None:
    async with desk.database.tenant(post.customer_id) as session:
        notes = f"not published: {because}"
        await deliverables.expire(session, post.deliverable_id, actor=ACTOR, notes=notes[:500])
        await notifications.notify(session, _bad_news(post))


def _bad_news(post: DuePost) -> NewNotification:
    return NewNotification(
        kind=NotificationKind.NOT_CARRIED_OUT,
        subject_id=post.deliverable_id,
        summary="A post you approved could not be published at its time",
        link=f"/deliverables/{post.deliverable_id}",
        hired_instance_id=post.hired_instance_id,
    )
