"""The trunk: accounts, deliverables, approvals, executions, limits, evidence, and the job queue."""

from alembic import op
from procrastinate.schema import SchemaManager

from shared.migrations import append_only_table, tenant_table

revision = "0001"
down_revision = None

ROLE = "plant_runtime"

ACCOUNTS = """
CREATE TABLE exchange_accounts (
    credential_ref uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    provider text NOT NULL,
    vault text NOT NULL CHECK (vault IN ('cp', 'pp')),
    default_coin text NOT NULL,
    allowed_coins text[] NOT NULL,
    max_units_per_order numeric NOT NULL,
    max_notional_inr numeric,
    version int NOT NULL,
    deleted boolean NOT NULL DEFAULT false,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON exchange_accounts (customer_id);
CREATE TABLE account_snapshots (
    credential_ref uuid NOT NULL,
    customer_id uuid NOT NULL,
    as_of timestamptz NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (credential_ref, as_of)
);
CREATE TABLE instruments (
    provider text NOT NULL,
    symbol text NOT NULL,
    as_of timestamptz NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (provider, symbol)
);
CREATE TABLE quotes (
    provider text NOT NULL,
    symbol text NOT NULL,
    as_of timestamptz NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (provider, symbol)
);
"""

DELIVERABLES = """
CREATE TABLE deliverables (
    deliverable_id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    agent_id text NOT NULL,
    state text NOT NULL,
    action jsonb NOT NULL,
    action_hash text NOT NULL,
    plan jsonb,
    risk jsonb,
    correlation_id uuid NOT NULL,
    execution_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX ON deliverables (customer_id, deliverable_id DESC);
CREATE TABLE deliverable_transitions (
    customer_id uuid NOT NULL,
    deliverable_id uuid NOT NULL REFERENCES deliverables,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    state text NOT NULL,
    actor text NOT NULL,
    notes text
);
CREATE INDEX ON deliverable_transitions (deliverable_id, at);
"""

APPROVALS = """
CREATE TABLE approvals (
    approval_id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    issuer text NOT NULL,
    kid text NOT NULL,
    action_hash text NOT NULL,
    deliverable_id uuid,
    approver jsonb NOT NULL,
    preconditions jsonb,
    statement text NOT NULL,
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    execute_by timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz,
    consumed_at timestamptz,
    CHECK (revoked_at IS NULL OR consumed_at IS NULL)
);
CREATE INDEX ON approvals (customer_id, approval_id DESC);
CREATE UNIQUE INDEX ON approvals (deliverable_id) WHERE revoked_at IS NULL AND deliverable_id IS NOT NULL;
CREATE TABLE revocations (
    approval_id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
"""

EXECUTIONS = """
CREATE TABLE executions (
    execution_id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    approval_id uuid NOT NULL UNIQUE REFERENCES approvals,
    deliverable_id uuid NOT NULL REFERENCES deliverables,
    credential_ref uuid NOT NULL,
    agent_id text NOT NULL,
    correlation_id uuid NOT NULL,
    action jsonb NOT NULL,
    action_hash text NOT NULL,
    kind text NOT NULL,
    provider text NOT NULL,
    symbol text NOT NULL,
    side text NOT NULL,
    size numeric NOT NULL,
    reduce_only boolean NOT NULL,
    notional numeric NOT NULL,
    client_order_id text NOT NULL UNIQUE,
    broker_order_ids text[] NOT NULL DEFAULT '{}',
    state text NOT NULL,
    version int NOT NULL DEFAULT 1,
    attempt int NOT NULL DEFAULT 0,
    attempt_deadline timestamptz,
    negative_reads int NOT NULL DEFAULT 0,
    filled_size numeric NOT NULL DEFAULT 0,
    average_price numeric,
    fees numeric,
    verified boolean NOT NULL DEFAULT false,
    settled boolean NOT NULL DEFAULT false,
    execute_by timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    wake_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON executions (customer_id, execution_id DESC);
CREATE INDEX executions_recent ON executions (credential_ref, created_at DESC);
CREATE INDEX executions_unsettled ON executions (wake_at) WHERE NOT settled;
CREATE INDEX executions_unsettled_of_account ON executions (credential_ref) WHERE NOT settled;
CREATE TABLE execution_events (
    customer_id uuid NOT NULL,
    execution_id uuid NOT NULL REFERENCES executions,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    state text NOT NULL,
    detail text NOT NULL
);
CREATE INDEX ON execution_events (execution_id, at);
CREATE TABLE attempts (
    execution_id uuid NOT NULL REFERENCES executions,
    customer_id uuid NOT NULL,
    attempt int NOT NULL,
    request_hash text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    deadline timestamptz NOT NULL,
    PRIMARY KEY (execution_id, attempt)
);
CREATE TABLE fills (
    credential_ref uuid NOT NULL,
    fill_id text NOT NULL,
    customer_id uuid NOT NULL,
    execution_id uuid NOT NULL REFERENCES executions,
    size numeric NOT NULL,
    price numeric NOT NULL,
    fee numeric NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (credential_ref, fill_id)
);
CREATE INDEX ON fills (execution_id);
"""

LIMITS = """
CREATE TABLE kill_switches (
    scope text PRIMARY KEY,
    engaged boolean NOT NULL,
    reason text NOT NULL,
    actor text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE kill_switch_changes (
    scope text NOT NULL,
    engaged boolean NOT NULL,
    reason text NOT NULL,
    actor text NOT NULL,
    correlation_id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE entitlements (
    customer_id uuid PRIMARY KEY,
    plan text NOT NULL,
    trial_ends_at timestamptz,
    task_limit int,
    budget_limit numeric,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE operator_access (
    actor text NOT NULL,
    purpose text NOT NULL,
    correlation_id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
"""

EVIDENCE = """
CREATE TABLE policy_denials (
    decision_id uuid PRIMARY KEY,
    correlation_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    agent_id text,
    action_kind text,
    reason text NOT NULL,
    risk_codes text[] NOT NULL,
    stage text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    details jsonb NOT NULL
);
CREATE INDEX ON policy_denials (customer_id, decision_id DESC);
CREATE INDEX ON policy_denials (correlation_id);
CREATE TABLE usage_events (
    event_id uuid PRIMARY KEY,
    correlation_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    agent_id text,
    kind text NOT NULL,
    action_kind text,
    quantity int NOT NULL,
    cost numeric NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    details jsonb NOT NULL
);
CREATE INDEX ON usage_events (customer_id, event_id DESC);
CREATE INDEX ON usage_events (correlation_id);
CREATE TABLE usage_totals (
    customer_id uuid NOT NULL,
    month date NOT NULL,
    tasks int NOT NULL,
    cost numeric NOT NULL,
    PRIMARY KEY (customer_id, month)
);
CREATE TABLE decision_traces (
    trace_id uuid PRIMARY KEY,
    correlation_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    agent_id text,
    action_kind text,
    action_hash text,
    verdict text NOT NULL,
    reason text,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    inputs text NOT NULL,
    decision text NOT NULL,
    explanation text NOT NULL,
    execution_id uuid
);
CREATE INDEX ON decision_traces (customer_id, trace_id DESC);
CREATE INDEX ON decision_traces (correlation_id);
CREATE TABLE trace_outcomes (
    customer_id uuid NOT NULL,
    execution_id uuid NOT NULL,
    outcome jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON trace_outcomes (execution_id, at DESC);
CREATE TABLE audit_heads (
    customer_id uuid PRIMARY KEY,
    seq bigint NOT NULL,
    hash text NOT NULL
);
CREATE TABLE audit_log (
    customer_id uuid NOT NULL,
    seq bigint NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    body text NOT NULL,
    body_hash text NOT NULL,
    prev_hash text NOT NULL,
    hash text NOT NULL,
    PRIMARY KEY (customer_id, seq)
);
CREATE TABLE audit_checkpoints (
    customer_id uuid NOT NULL,
    seq bigint NOT NULL,
    hash text NOT NULL,
    statement text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (customer_id, seq)
);
CREATE FUNCTION append_audit(p_customer_id uuid, p_kind text, p_body text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    head audit_heads%ROWTYPE;
    row_at timestamptz := clock_timestamp();
    row_body_hash text := encode(sha256(convert_to(p_body, 'UTF8')), 'hex');
    row_hash text;
BEGIN
    INSERT INTO audit_heads VALUES (p_customer_id, 0, repeat('0', 64)) ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM audit_heads WHERE customer_id = p_customer_id FOR UPDATE;
    row_hash := encode(sha256(convert_to(concat_ws('|',
        p_customer_id, head.seq + 1, to_char(row_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        p_kind, row_body_hash, head.hash), 'UTF8')), 'hex');
    INSERT INTO audit_log VALUES
        (p_customer_id, head.seq + 1, row_at, p_kind, p_body, row_body_hash, head.hash, row_hash);
    UPDATE audit_heads SET seq = head.seq + 1, hash = row_hash WHERE customer_id = p_customer_id;
    RETURN head.seq + 1;
END $$;
"""

MUTABLE = (
    "exchange_accounts",
    "deliverables",
    "approvals",
    "executions",
    "entitlements",
    "usage_totals",
    "audit_heads",
)
APPEND_ONLY = (
    "deliverable_transitions",
    "revocations",
    "execution_events",
    "attempts",
    "fills",
    "policy_denials",
    "usage_events",
    "decision_traces",
    "trace_outcomes",
    "audit_log",
    "audit_checkpoints",
)
PLATFORM_GRANTS = f"""
GRANT SELECT, INSERT, UPDATE ON instruments, quotes, kill_switches TO {ROLE};
GRANT SELECT, INSERT ON kill_switch_changes, operator_access TO {ROLE};
"""
JOBS_GRANTS = f"""
GRANT USAGE ON SCHEMA procrastinate TO {ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA procrastinate TO {ROLE};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA procrastinate TO {ROLE};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA procrastinate TO {ROLE};
"""


def upgrade() -> None:
    for statements in (ACCOUNTS, DELIVERABLES, APPROVALS, EXECUTIONS, LIMITS, EVIDENCE):
        _run(statements)
    for table in MUTABLE:
        _run(tenant_table(table, runtime_role=ROLE))
    _run(tenant_table("account_snapshots", runtime_role=ROLE, grants=("SELECT", "INSERT", "DELETE")))
    for table in APPEND_ONLY:
        _run(append_only_table(table, runtime_role=ROLE))
    _run(PLATFORM_GRANTS)
    _install_jobs()


def downgrade() -> None:
    _run("DROP SCHEMA procrastinate CASCADE; DROP FUNCTION append_audit(uuid, text, text);")
    children = ("attempts", "fills", "execution_events", "executions", "deliverable_transitions")
    others = (*MUTABLE, *APPEND_ONLY, "account_snapshots", "instruments", "quotes")
    platform = ("kill_switches", "kill_switch_changes", "operator_access")
    for table in dict.fromkeys((*children, *others, *platform)):
        _run(f"DROP TABLE {table}")


def _install_jobs() -> None:
    _run("CREATE SCHEMA procrastinate; SET LOCAL search_path = procrastinate, public")
    _run(SchemaManager.get_schema())
    _run("SET LOCAL search_path = public, procrastinate")
    _run(JOBS_GRANTS)


def _run(statements: str) -> None:
    op.get_bind().exec_driver_sql(statements.replace("%", "%%"))
