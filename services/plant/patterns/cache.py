"""Results of expensive capabilities, kept by what they were made from: keyed by content, none is ever stale."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Protocol

from plant.patterns.capabilities import Capability, RunContext
from plant.patterns.trace import ResultMeta
from plant.patterns.values import digest


@dataclass(frozen=True, slots=True)
class CachedResult:
    """The result as JSON, so that nobody can change what others will be given."""

    encoded: bytes
    meta: ResultMeta


class ResultCache(Protocol):
    async def find(self, key: str) -> CachedResult | None: ...

    async def keep(self, key: str, result: CachedResult) -> None: ...


@dataclass(slots=True)
class MemoryCache:
    """In this process; the least recently used go first."""

    max_entries: int = 1_024
    max_bytes: int = 64 * 1_048_576
    _entries: OrderedDict[str, CachedResult] = field(default_factory=OrderedDict[str, CachedResult])
    _bytes: int = 0

    async def find(self, key: str) -> CachedResult | None:
        found = self._entries.get(key)
        if found is not None:
            self._entries.move_to_end(key)
        return found

    async def keep(self, key: str, result: CachedResult) -> None:
        replaced = self._entries.pop(key, None)
        self._bytes += len(result.encoded) - (len(replaced.encoded) if replaced else 0)
        self._entries[key] = result
        while len(self._entries) > self.max_entries or self._bytes > self.max_bytes:
            _, dropped = self._entries.popitem(last=False)
            self._bytes -= len(dropped.encoded)


def cache_key(capability: Capability, encoded_arguments: bytes, *, context: RunContext) -> str:
    """Over the capability and its version, the arguments, and all content the run stands on, its scope too."""
    return digest(
        b"\n".join((capability.reference.encode(), context.content_key.encode(), encoded_arguments))
    )
