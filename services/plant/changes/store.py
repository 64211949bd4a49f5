"""What moves in Plant's tables, as one short text for each part: one statement that reads the newest rows by an index.

Only so many rows of each are looked at, so the time does not grow with the tables. What is older than the newest
hundred and moves by itself is seen late, if at all; a page that shows it learns of it with the next look.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.db import OversightSession, TenantSession

_MANY, _FEW = 100, 20


@dataclass(frozen=True, slots=True)
class Part:
    """`key` is what the newest have the greatest of; `columns` change whenever the row is shown otherwise."""

    name: str
    table: str
    key: str | None
    columns: str
    most: int = _MANY
    where: str | None = None
    is_everybodys: bool = False

    def sql(self, whose: str | None) -> str:
        """The newest rows count whatever order they were committed in, so that none is missed."""
        own = None if self.is_everybodys else whose
        wanted = " AND ".join(filter(None, (own, self.where))) or "true"
        order = f"ORDER BY {self.key} DESC" if self.key else ""
        return (
            f"(SELECT sum(hash_record_extended(ROW({_names(self.columns)}), 0))::text FROM ("  # noqa: S608  constants
            f"SELECT {self.columns} FROM {self.table} WHERE {wanted} {order} LIMIT {self.most}) newest) AS {self.name}"
        )


_PARTS = (
    Part(
        "deliverables",
        "deliverables",
        "deliverable_id",
        "deliverable_id, state, updated_at, expires_at <= now() AS is_over",
    ),
    Part("executions", "executions", "execution_id", "execution_id, version"),
    Part("approvals", "approvals", "approval_id", "approval_id, revoked_at, consumed_at"),
    Part("goal_runs", "goal_runs", "run_id", "run_id, version"),
    Part("hired_agents", "hired_agents", "hired_instance_id", "hired_instance_id, version"),
    Part("subscriptions", "subscriptions", "subscription_id", "subscription_id, version"),
    Part("denials", "policy_denials", "decision_id", "decision_id", _FEW),
    Part("usage", "usage_events", "event_id", "event_id", _FEW),
    Part("traces", "decision_traces", "trace_id", "trace_id", _FEW),
)
_AGENT_TYPES = Part(
    "agent_types",
    "agent_types",
    None,
    "agent_type_id, version, state, content_hash",
    1_000,
    is_everybodys=True,
)
_OWN_PARTS = (
    *_PARTS,
    Part("notifications", "notifications", "notification_id", "notification_id, read_at"),
    Part("exchange_accounts", "exchange_accounts", None, "credential_ref, version, deleted"),
    Part("platform_accounts", "platform_accounts", None, "credential_ref, version, deleted"),
    Part("audit_head", "audit_heads", None, "seq", 1),
    _AGENT_TYPES,
)
_OVERSIGHT_PARTS = (
    *_PARTS,
    Part("unsettled", "executions", "wake_at", "execution_id, version", where="NOT settled"),
    Part("dead_letters", "goal_runs", "run_id", "run_id, version", where="state = 'dead'"),
    Part("kill_switches", "kill_switches", None, "scope, engaged, changed_at", 1_000),
    _AGENT_TYPES,
)


def _names(columns: str) -> str:
    return ", ".join(column.rsplit(" AS ", 1)[-1] for column in columns.split(", "))


def _statement(parts: tuple[Part, ...], *, whose: str | None) -> str:
    return "SELECT " + ",\n".join(part.sql(whose) for part in parts)


OF_CUSTOMER = _statement(_OWN_PARTS, whose="customer_id = $1")
OF_ALL = _statement(_OVERSIGHT_PARTS, whose=None)


async def load_own(session: TenantSession) -> Mapping[str, str | None]:
    row = await session.connection.fetchrow(OF_CUSTOMER, session.customer_id)
    assert row is not None
    return dict(row)


async def load_all(session: OversightSession) -> Mapping[str, str | None]:
    row = await session.connection.fetchrow(OF_ALL)
    assert row is not None
    return dict(row)
