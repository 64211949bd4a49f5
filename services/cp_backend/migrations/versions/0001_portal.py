"""Customers' accounts, approvals, vault, outbox."""

from alembic import op

from shared.portal_schema.revision_0001 import downgrade_sql, upgrade_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute(upgrade_sql(runtime_role="cp_runtime", accounts_are_customers=True))


def downgrade() -> None:
    op.execute(downgrade_sql(accounts_are_customers=True))
