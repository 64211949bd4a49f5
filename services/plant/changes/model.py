"""Which parts of the tables each topic is made of, and how parts become a marker."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from types import MappingProxyType

from shared.contracts.changes import Topic

# A deliverable moves with its approval and its execution, also when it is not among the newest any more.
_DELIVERABLES = ("deliverables", "approvals", "executions")
_COMMON: Mapping[Topic, Sequence[str]] = {
    Topic.DELIVERABLES: _DELIVERABLES,
    Topic.EXECUTIONS: ("executions",),
    Topic.APPROVALS: ("approvals",),
    Topic.GOAL_RUNS: ("goal_runs",),
    Topic.HIRED_AGENTS: ("hired_agents", "subscriptions", "goal_runs", "usage", *_DELIVERABLES),
    Topic.SUBSCRIPTIONS: ("subscriptions",),
    Topic.DENIALS: ("denials",),
    Topic.USAGE: ("usage",),
    Topic.TRACES: ("traces",),
}
OWN: Mapping[Topic, Sequence[str]] = MappingProxyType(
    {
        **_COMMON,
        Topic.GOALS: ("audit_head", "goal_runs"),
        Topic.NOTIFICATIONS: ("notifications",),
        Topic.CONNECTIONS: ("exchange_accounts", "platform_accounts"),
        Topic.AUDIT: ("audit_head",),
        Topic.AGENT_TYPES: ("agent_types",),
    }
)
OVERSIGHT: Mapping[Topic, Sequence[str]] = MappingProxyType(
    {
        **_COMMON,
        Topic.DELIVERABLES: (*_DELIVERABLES, "unsettled"),
        Topic.EXECUTIONS: ("executions", "unsettled"),
        Topic.GOALS: ("hired_agents", "goal_runs"),
        Topic.AUDIT: ("hired_agents", "subscriptions", "goal_runs", "denials", "usage", *_DELIVERABLES),
        Topic.CUSTOMERS: ("hired_agents", "subscriptions", *_DELIVERABLES),
        Topic.AGENT_TYPES: ("agent_types",),
        Topic.KILL_SWITCHES: ("kill_switches",),
        Topic.DEAD_LETTERS: ("dead_letters",),
    }
)


def markers(topics: Mapping[Topic, Sequence[str]], parts: Mapping[str, str | None]) -> dict[str, str]:
    return {topic.value: _marker([parts[name] or "" for name in names]) for topic, names in topics.items()}


def _marker(parts: Sequence[str]) -> str:
    return blake2b("|".join(parts).encode(), digest_size=8).hexdigest()
