"""Finding by correlation id what operators look into; handing notifications on to channels outside."""

from alembic import op

revision = "0003"
down_revision = "0002"

TABLES = ("deliverables", "executions", "goal_runs")
FORWARDING = """
ALTER TABLE notifications ADD COLUMN forward_leased_until timestamptz, ADD COLUMN forwarded_at timestamptz;
CREATE INDEX notifications_not_forwarded ON notifications (customer_id, created_at) WHERE forwarded_at IS NULL;
"""


def upgrade() -> None:
    for table in TABLES:
        op.execute(f"CREATE INDEX {table}_correlation ON {table} (correlation_id)")
    op.execute(FORWARDING)


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"DROP INDEX {table}_correlation")
    op.execute("ALTER TABLE notifications DROP COLUMN forward_leased_until, DROP COLUMN forwarded_at")
