"""The hub's one call: the customer's subscriptions, each with what Plant says of its hired agent."""

from uuid import UUID

from cp_backend.subscriptions import actions as subscriptions
from shared.contracts.hired_agents import HiredAgentSummaryList, MyAgent, MyAgents
from shared.paging import MAX_LIMIT, Page
from shared.portal import Portal
from shared.sign_in.party import Party


async def summarize(portal: Portal, *, selected: UUID | None, by: Party) -> MyAgents:
    """`selected` names a subscription or a hired agent; what is not the customer's gives way to their newest.

    Raises: PlatformError 503 when Plant does not answer.
    """
    found = await subscriptions.list_own(portal, page=Page(limit=MAX_LIMIT), by=by)
    caller = by.caller(customer_id=by.customer_id)
    summary = await portal.plant.fetch(
        "GET", "/api/v1/hired-agents-summary", caller=caller, model=HiredAgentSummaryList
    )
    agents = {agent.subscription_id: agent for agent in summary.items}
    items = tuple(
        MyAgent(
            subscription=subscriptions.show(one),
            configured=one.subscription_id in agents and agents[one.subscription_id].configured,
            agent=agents.get(one.subscription_id),
        )
        for one in found[:MAX_LIMIT]
    )
    return MyAgents(items=items, selected=_selection(items, selected))


def _selection(items: tuple[MyAgent, ...], selected: UUID | None) -> UUID | None:
    for item in items:
        instance = item.agent.hired_instance_id if item.agent else None
        if selected is not None and selected in (item.subscription.subscription_id, instance):
            return item.subscription.subscription_id
    return items[0].subscription.subscription_id if items else None
