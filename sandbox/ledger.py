"""The call ledger: every request that a venue received, also refused and dropped, without secrets."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count


@dataclass(slots=True)
class LedgerEntry:
    """One request. `status` stays None while it is in work and when the connection was dropped."""

    seq: int
    at_s: float
    venue: str
    method: str
    path: str
    query: str
    body: str
    api_key: str | None
    status: int | None = None
    order_id: int | str | None = None


class CallLedger:
    """Keeps the newest entries up to a bound; `seq` grows by one for each request and is never used twice."""

    def __init__(self, *, max_entries: int) -> None:
        self._entries: deque[LedgerEntry] = deque(maxlen=max_entries)
        self._seqs = count(1)

    def record(
        self, *, at_s: float, venue: str, method: str, path: str, query: str, body: str, api_key: str | None
    ) -> LedgerEntry:
        entry = LedgerEntry(next(self._seqs), at_s, venue, method, path, query, body, api_key)
        self._entries.append(entry)
        return entry

    def newest_first(self) -> Iterator[LedgerEntry]:
        return reversed(self._entries)

    def clear(self) -> None:
        self._entries.clear()
