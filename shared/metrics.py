"""Metrics that are about the product rather than about HTTP. Labels never carry ids or secrets."""

from prometheus_client import Counter

DECISIONS = Counter("countersign_decisions", "Decisions of the gate", ["verdict", "reason"])
EXECUTION_STATES = Counter(
    "countersign_execution_states", "Executions that entered a state", ["provider", "state"]
)
VAULT_RELEASES = Counter("countersign_vault_releases", "Credential bundles", ["purpose", "granted"])
