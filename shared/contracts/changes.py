"""Wire models of live updates: a marker for each topic, and what an event says to a page."""

from collections.abc import Mapping
from enum import StrEnum

from shared.contracts.base import WireModel


class Topic(StrEnum):
    """What a page may show. The last three, and `customers`, are of interest to operators only."""

    DELIVERABLES = "deliverables"
    EXECUTIONS = "executions"
    APPROVALS = "approvals"
    GOALS = "goals"
    GOAL_RUNS = "goal_runs"
    HIRED_AGENTS = "hired_agents"
    SUBSCRIPTIONS = "subscriptions"
    NOTIFICATIONS = "notifications"
    CONNECTIONS = "connections"
    DENIALS = "denials"
    USAGE = "usage"
    TRACES = "traces"
    AUDIT = "audit"
    CUSTOMERS = "customers"
    AGENT_TYPES = "agent_types"
    KILL_SWITCHES = "kill_switches"
    DEAD_LETTERS = "dead_letters"


class Changes(WireModel):
    """A marker says nothing but whether it is the same as before. Shape: by topic; one may be added or missing."""

    markers: Mapping[str, str]


class Changed(WireModel):
    """The data of an event `changed`: the topics of which something is not as it was."""

    topics: tuple[str, ...]
