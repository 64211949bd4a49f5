"""The dead man's switch: a heartbeat that a client must keep acknowledging."""

from dataclasses import dataclass


@dataclass(slots=True)
class Heartbeat:
    """Cancels the account's orders when no acknowledgement comes in time. Units: `due_s` epoch seconds."""

    heartbeat_id: str
    api_key: str
    symbols: tuple[str, ...]
    due_s: float | None = None
