"""Pages of the exchange's lists: newest first, opaque cursors in both directions."""

import base64
import binascii
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sandbox.clock import microseconds
from sandbox.delta.call import whole_number
from sandbox.delta.errors import bad_param

DEFAULT_PAGE_SIZE = 10
MAX_PAGE_SIZE = 50
"""The announced cap; a larger wish is cut to it, not refused."""

ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True)
class Page(Generic[ItemT]):
    """`after` leads to older items, `before` to newer ones; None where there are none."""

    items: list[ItemT]
    after: str | None
    before: str | None

    @property
    def meta(self) -> Mapping[str, object]:
        return {"after": self.after, "before": self.before}


def page_of(
    items: Sequence[ItemT],
    *,
    query: Mapping[str, str],
    key: Callable[[ItemT], int],
    keep: Callable[[ItemT], bool],
) -> Page[ItemT]:
    """Cut the page that the query asks for.

    Shape: `items` ascend by `key`; the page descends. Raises: DeltaError 400 for a bad size or cursor.
    """
    size = _page_size(query)
    if query.get("before"):
        start = bisect_right(items, _read_cursor("before", query["before"]), key=key)
        found = _collect(items, range(start, len(items)), keep=keep, wanted=size + 1)
        has_newer, has_older = len(found) > size, _any(items, range(start - 1, -1, -1), keep)
        shown = found[:size][::-1]
    else:
        after = query.get("after")
        end = bisect_left(items, _read_cursor("after", after), key=key) if after else len(items)
        found = _collect(items, range(end - 1, -1, -1), keep=keep, wanted=size + 1)
        has_newer, has_older = _any(items, range(end, len(items)), keep), len(found) > size
        shown = found[:size]
    return Page(
        shown,
        after=_cursor(key(shown[-1])) if shown and has_older else None,
        before=_cursor(key(shown[0])) if shown and has_newer else None,
    )


def within_times(query: Mapping[str, str]) -> Callable[[float], bool]:
    """A test of creation times against start_time and end_time. Units: query microseconds, test seconds."""
    start = whole_number("start_time", query["start_time"]) if "start_time" in query else None
    end = whole_number("end_time", query["end_time"]) if "end_time" in query else None

    def is_within(at_s: float) -> bool:
        at = microseconds(at_s)
        return (start is None or at >= start) and (end is None or at <= end)

    return is_within


def csv_values(query: Mapping[str, str], name: str) -> frozenset[str]:
    """The comma-separated values of a parameter; empty when absent."""
    return frozenset(value.strip() for value in query.get(name, "").split(",") if value.strip())


def product_ids(query: Mapping[str, str]) -> frozenset[int]:
    """Raises: DeltaError 400 for more than ten or a wrong product id."""
    values = csv_values(query, "product_ids")
    if len(values) > 10:
        raise bad_param("product_ids", f"expected at most 10 product ids, found {len(values)}")
    return frozenset(whole_number("product_ids", value) for value in values)


def _page_size(query: Mapping[str, str]) -> int:
    size = whole_number("page_size", query.get("page_size", str(DEFAULT_PAGE_SIZE)))
    if size == 0:
        raise bad_param("page_size", "expected at least 1, found 0")
    return min(size, MAX_PAGE_SIZE)


def _collect(
    items: Sequence[ItemT], positions: range, *, keep: Callable[[ItemT], bool], wanted: int
) -> list[ItemT]:
    found: list[ItemT] = []
    for position in positions:
        if keep(items[position]):
            found.append(items[position])
            if len(found) == wanted:
                break
    return found


def _any(items: Sequence[ItemT], positions: range, keep: Callable[[ItemT], bool]) -> bool:
    return any(keep(items[position]) for position in positions)


def _cursor(key: int) -> str:
    return base64.urlsafe_b64encode(str(key).encode("ascii")).decode("ascii").rstrip("=")


def _read_cursor(param: str, cursor: str) -> int:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise bad_param(param, "expected a cursor from an earlier answer") from error
    return whole_number(param, text)
