"""Agents at work: agent types, subscriptions, hired agents, goals and their runs, posts, notifications."""

from alembic import op

from shared.migrations import tenant_table

revision = "0002"
down_revision = "0001"

ROLE = "plant_runtime"

AGENT_TYPES = f"""
CREATE TABLE agent_types (
    agent_type_id text NOT NULL,
    version int NOT NULL CHECK (version >= 1),
    state text NOT NULL CHECK (state IN ('draft', 'published', 'retired')),
    definition jsonb NOT NULL,
    content_hash text NOT NULL,
    changed_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz,
    PRIMARY KEY (agent_type_id, version)
);
CREATE UNIQUE INDEX agent_types_draft ON agent_types (agent_type_id) WHERE state = 'draft';
CREATE FUNCTION keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (NEW.definition, NEW.content_hash, NEW.published_at)
        IS DISTINCT FROM (OLD.definition, OLD.content_hash, OLD.published_at) THEN
        RAISE EXCEPTION 'a published agent type is immutable';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_published BEFORE UPDATE ON agent_types FOR EACH ROW EXECUTE FUNCTION keep_published();
GRANT SELECT, INSERT, UPDATE ON agent_types TO {ROLE};
"""

HIRING = """
CREATE TABLE subscriptions (
    subscription_id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    agent_type_id text NOT NULL,
    plan text NOT NULL,
    task_limit int,
    budget_limit numeric,
    trial_ends_at timestamptz,
    ends_at timestamptz,
    retained_until timestamptz,
    version int NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON subscriptions (customer_id, subscription_id DESC);
CREATE TABLE hired_agents (
    hired_instance_id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    subscription_id uuid NOT NULL UNIQUE REFERENCES subscriptions,
    agent_type_id text NOT NULL,
    agent_type_version int NOT NULL,
    config jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'active', 'paused')),
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (agent_type_id, agent_type_version) REFERENCES agent_types (agent_type_id, version)
);
CREATE INDEX ON hired_agents (customer_id, hired_instance_id DESC);
CREATE TABLE instance_usage (
    hired_instance_id uuid NOT NULL REFERENCES hired_agents,
    customer_id uuid NOT NULL,
    month date NOT NULL,
    tasks int NOT NULL,
    cost numeric NOT NULL,
    PRIMARY KEY (hired_instance_id, month)
);
CREATE TABLE platform_accounts (
    credential_ref uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    platform text NOT NULL,
    vault text NOT NULL CHECK (vault IN ('cp', 'pp')),
    posting_identity text,
    version int NOT NULL,
    deleted boolean NOT NULL DEFAULT false,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON platform_accounts (customer_id);
"""

GOALS = """
CREATE TABLE goals (
    goal_id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    hired_instance_id uuid NOT NULL REFERENCES hired_agents,
    template_id text NOT NULL,
    frequency text NOT NULL CHECK (frequency IN ('daily', 'weekly', 'monthly', 'on_demand')),
    time_of_day time,
    weekday int CHECK (weekday BETWEEN 0 AND 6),
    day_of_month int CHECK (day_of_month BETWEEN 1 AND 31),
    timezone text NOT NULL,
    settings jsonb NOT NULL,
    version int NOT NULL DEFAULT 1,
    paused boolean NOT NULL DEFAULT false,
    deleted boolean NOT NULL DEFAULT false,
    next_due_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON goals (hired_instance_id, goal_id DESC);
CREATE INDEX goals_due ON goals (next_due_at) WHERE NOT paused AND NOT deleted AND next_due_at IS NOT NULL;
CREATE TABLE goal_runs (
    run_id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    goal_id uuid NOT NULL REFERENCES goals,
    hired_instance_id uuid NOT NULL REFERENCES hired_agents,
    due_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'done', 'failed', 'missed', 'dead')),
    attempts int NOT NULL DEFAULT 0,
    version int NOT NULL DEFAULT 1,
    correlation_id uuid NOT NULL,
    client_key text,
    error text,
    trace jsonb,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz,
    wake_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (goal_id, due_at),
    UNIQUE (goal_id, client_key)
);
CREATE INDEX ON goal_runs (customer_id, run_id DESC);
CREATE INDEX ON goal_runs (hired_instance_id, run_id DESC);
CREATE INDEX goal_runs_queued ON goal_runs (wake_at) WHERE state = 'queued';
CREATE INDEX goal_runs_dead ON goal_runs (run_id) WHERE state = 'dead';
"""

WORK = """
ALTER TABLE deliverables
    ALTER COLUMN action DROP NOT NULL,
    ALTER COLUMN action_hash DROP NOT NULL,
    ADD COLUMN hired_instance_id uuid,
    ADD COLUMN goal_run_id uuid,
    ADD COLUMN run_index int,
    ADD COLUMN kind text NOT NULL DEFAULT 'trade_order',
    ADD COLUMN title text,
    ADD COLUMN body jsonb,
    ADD COLUMN scheduled_for timestamptz,
    ADD COLUMN publish_after timestamptz;
CREATE INDEX ON deliverables (hired_instance_id, deliverable_id DESC) WHERE hired_instance_id IS NOT NULL;
CREATE UNIQUE INDEX deliverables_of_run ON deliverables (goal_run_id, run_index) WHERE goal_run_id IS NOT NULL;
CREATE INDEX deliverables_scheduled ON deliverables (coalesce(publish_after, scheduled_for))
    WHERE state = 'approved';
ALTER TABLE executions
    ALTER COLUMN symbol DROP NOT NULL,
    ALTER COLUMN side DROP NOT NULL,
    ALTER COLUMN size DROP NOT NULL,
    ALTER COLUMN reduce_only DROP NOT NULL,
    ALTER COLUMN notional DROP NOT NULL,
    ADD COLUMN hired_instance_id uuid,
    ADD COLUMN receipt jsonb;
CREATE TABLE notifications (
    notification_id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    hired_instance_id uuid,
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    summary text NOT NULL,
    link text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    read_at timestamptz,
    UNIQUE (kind, subject_id)
);
CREATE INDEX ON notifications (customer_id, notification_id DESC);
"""

MUTABLE = (
    "subscriptions",
    "hired_agents",
    "instance_usage",
    "platform_accounts",
    "goals",
    "goal_runs",
    "notifications",
)
DOWN = """
DELETE FROM deliverable_transitions WHERE deliverable_id IN
    (SELECT deliverable_id FROM deliverables WHERE action IS NULL);
DELETE FROM deliverables WHERE action IS NULL;
DROP INDEX deliverables_scheduled;
ALTER TABLE deliverables
    ALTER COLUMN action SET NOT NULL, ALTER COLUMN action_hash SET NOT NULL,
    DROP COLUMN hired_instance_id, DROP COLUMN goal_run_id, DROP COLUMN run_index, DROP COLUMN kind, DROP COLUMN title,
    DROP COLUMN body, DROP COLUMN scheduled_for, DROP COLUMN publish_after;
ALTER TABLE executions
    ALTER COLUMN symbol SET NOT NULL, ALTER COLUMN side SET NOT NULL, ALTER COLUMN size SET NOT NULL,
    ALTER COLUMN reduce_only SET NOT NULL, ALTER COLUMN notional SET NOT NULL,
    DROP COLUMN hired_instance_id, DROP COLUMN receipt;
DROP TABLE notifications, goal_runs, goals, instance_usage, platform_accounts, hired_agents, subscriptions, agent_types;
DROP FUNCTION keep_published();
"""


def upgrade() -> None:
    for statements in (AGENT_TYPES, HIRING, GOALS, WORK):
        _run(statements)
    for table in MUTABLE:
        _run(tenant_table(table, runtime_role=ROLE))


def downgrade() -> None:
    _run(DOWN)


def _run(statements: str) -> None:
    op.get_bind().exec_driver_sql(statements.replace("%", "%%"))
