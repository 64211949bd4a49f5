"""Credentials of platforms for posts, in the vault."""

from alembic import op

from shared.portal_schema.revision_0002 import downgrade_sql, upgrade_sql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute(upgrade_sql(runtime_role="pp_runtime"))


def downgrade() -> None:
    op.execute(downgrade_sql())
