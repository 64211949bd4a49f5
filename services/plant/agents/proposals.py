"""What capabilities that draft give back: deliverables in a list, and the parts of a report's body."""

from pydantic import JsonValue

from plant.agents.drafts import DraftDeliverable
from shared.contracts.base import WireModel


class Proposals(WireModel):
    deliverables: tuple[DraftDeliverable, ...]


def table(title: str, columns: tuple[str, ...], rows: list[list[str]]) -> dict[str, JsonValue]:
    """Shape: a part of a report's body, with cells of text."""
    return {"title": title, "columns": [*columns], "rows": [[*row] for row in rows]}
