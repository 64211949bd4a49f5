"""What operators propose to approve for a customer, for a second operator to confirm."""

from alembic import op

from shared.migrations import tenant_table

revision = "0003"
down_revision = "0002"

PROPOSALS = """
CREATE TABLE approval_proposals (
    proposal_id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    deliverable_id uuid,
    request jsonb NOT NULL,
    action jsonb NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'confirmed', 'declined')),
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    decided_by uuid,
    decided_at timestamptz,
    decline_notes text,
    approval_id uuid REFERENCES approvals,
    CHECK ((state = 'waiting') = (decided_by IS NULL) AND (state = 'waiting') = (decided_at IS NULL)),
    CHECK ((state = 'confirmed') = (approval_id IS NOT NULL)),
    CONSTRAINT approval_proposals_two_operators CHECK (state <> 'confirmed' OR decided_by <> proposed_by)
);
CREATE UNIQUE INDEX approval_proposals_approval ON approval_proposals (approval_id) WHERE approval_id IS NOT NULL;
CREATE INDEX approval_proposals_customer ON approval_proposals (customer_id, proposal_id DESC);
CREATE INDEX approval_proposals_deliverable ON approval_proposals (deliverable_id) WHERE deliverable_id IS NOT NULL;
CREATE INDEX approval_proposals_waiting ON approval_proposals (proposal_id DESC) WHERE state = 'waiting';
"""


def upgrade() -> None:
    op.execute(PROPOSALS)
    op.execute(tenant_table("approval_proposals", runtime_role="pp_runtime"))


def downgrade() -> None:
    op.execute("DROP TABLE approval_proposals")
