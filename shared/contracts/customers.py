"""Wire models of customers as operators find them: Plant knows their ids, the customer portal who they are."""

from uuid import UUID

from shared.contracts.base import WireModel


class CustomerOverview(WireModel):
    """`drafts_waiting` counts among the customer's newest 200 deliverables."""

    customer_id: UUID
    hired_agents: int
    drafts_waiting: int


class CustomerOverviewList(WireModel):
    items: tuple[CustomerOverview, ...]
    next_cursor: str | None = None
