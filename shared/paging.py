"""Lists in pages: newest first, `?limit=&cursor=`, where the cursor is the last id that was seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True)
class Page:
    """`before` is the cursor: only items with a smaller id follow (ids are UUIDv7, so older ones)."""

    limit: int = DEFAULT_LIMIT
    before: UUID | None = None

    @property
    def fetch_limit(self) -> int:
        """One more than shown, to know whether there is a next page."""
        return self.limit + 1


def cut_page(
    found: Sequence[ItemT], page: Page, *, id_of: Callable[[ItemT], UUID]
) -> tuple[Sequence[ItemT], str | None]:
    """Return the page's items and the cursor of the next one, None at the end.

    Shape: found holds up to `page.fetch_limit` items, newest first.
    """
    items = found[: page.limit]
    return items, str(id_of(items[-1])) if len(found) > page.limit else None
