"""Finding what waits, and what waited for too long, without reading all that ever was."""

from alembic import op

revision = "0004"
down_revision = "0003"

WAITING = """
CREATE INDEX deliverables_waiting ON deliverables (expires_at) WHERE state IN ('pending_review', 'approved')
"""


def upgrade() -> None:
    op.execute(WAITING)


def downgrade() -> None:
    op.execute("DROP INDEX deliverables_waiting")
