"""Metrics that are about the product rather than about HTTP. Labels never carry ids or secrets.

Gauges are set by those who measure: Plant's worker and the portals, every `MEASURE_EVERY_S`.
docs/prometheus-alerts.yml has the alarms that are made of them.
"""

from collections.abc import Callable

from prometheus_client import Counter, Gauge

from shared.contracts.vault import BundlePurpose
from shared.denials import DenialReason

MEASURE_EVERY_S = 10.0

DECISIONS = Counter("countersign_decisions", "Decisions of the gate", ["verdict", "reason"])
EXECUTION_STATES = Counter(
    "countersign_execution_states", "Executions that entered a state", ["provider", "state"]
)
VAULT_RELEASES = Counter("countersign_vault_releases", "Credential bundles", ["purpose", "granted"])
EXECUTIONS_OPEN = Gauge("countersign_executions_open", "Executions that are not settled", ["state"])
EXECUTION_OVERDUE = Gauge(
    "countersign_execution_overdue_seconds",
    "How late the latest next step of an execution is, or how long the oldest order has waited to be sent",
)
AUDIT_UNCHECKPOINTED = Gauge(
    "countersign_audit_uncheckpointed_seconds", "Age of the oldest audit row that no checkpoint covers"
)
KILL_SWITCHES_ENGAGED = Gauge("countersign_kill_switches_engaged", "Kill switches that are engaged")
OUTBOX_MESSAGES = Gauge("countersign_outbox_messages", "Messages to Plant, waiting or given up", ["state"])
OUTBOX_OLDEST = Gauge("countersign_outbox_oldest_seconds", "Age of the oldest message that waits")
DATABASE_CONNECTIONS = Gauge(
    "countersign_database_connections", "Connections of a pool", ["database", "state"]
)
DATABASE_CONNECTIONS_MAX = Gauge(
    "countersign_database_connections_max", "How many connections a pool may have", ["database"]
)

# An alarm asks for an increase, so what is alarming is shown as 0 before it happens for the first time.
DECISIONS.labels("deny", DenialReason.GATE_UNAVAILABLE)
for _purpose in BundlePurpose:
    VAULT_RELEASES.labels(_purpose, "false")


def watch_connections(name: str, *, size: Callable[[], int], idle: Callable[[], int], max_size: int) -> None:
    """Show a pool's connections whenever somebody asks."""
    DATABASE_CONNECTIONS.labels(name, "used").set_function(lambda: size() - idle())
    DATABASE_CONNECTIONS.labels(name, "idle").set_function(idle)
    DATABASE_CONNECTIONS_MAX.labels(name).set(max_size)
