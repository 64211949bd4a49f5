"""Customers' subscriptions."""

from alembic import op

from shared.migrations import tenant_table

revision = "0002"
down_revision = "0001"

SUBSCRIPTIONS = """
CREATE TABLE subscriptions (
    subscription_id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    agent_type_id text NOT NULL,
    plan text NOT NULL,
    task_limit int CHECK (task_limit >= 0),
    budget_limit numeric CHECK (budget_limit >= 0),
    started_at timestamptz NOT NULL,
    trial_ends_at timestamptz,
    cancelled_at timestamptz,
    ends_at timestamptz,
    retained_until timestamptz,
    version int NOT NULL DEFAULT 1,
    CHECK ((cancelled_at IS NULL) = (ends_at IS NULL) AND (ends_at IS NULL) = (retained_until IS NULL)),
    CHECK (retained_until >= ends_at)
);
CREATE INDEX ON subscriptions (customer_id, subscription_id DESC);
"""


def upgrade() -> None:
    op.execute(SUBSCRIPTIONS)
    op.execute(tenant_table("subscriptions", runtime_role="cp_runtime"))


def downgrade() -> None:
    op.execute("DROP TABLE subscriptions")
