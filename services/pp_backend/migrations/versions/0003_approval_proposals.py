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
    action_hash text NOT NULL,
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
CREATE INDEX approval_proposals_waiting ON approval_proposals (expires_at) WHERE state = 'waiting';
CREATE FUNCTION keep_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'waiting' OR OLD.expires_at <= now() THEN
        RAISE EXCEPTION 'a proposal that is decided or over is immutable';
    END IF;
    IF NEW.expires_at > OLD.expires_at THEN
        RAISE EXCEPTION 'a proposal waits no longer than it was made for';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_decided BEFORE UPDATE ON approval_proposals FOR EACH ROW EXECUTE FUNCTION keep_decided();
"""
DECISION = "UPDATE (state, decided_by, decided_at, decline_notes, approval_id, expires_at)"


def upgrade() -> None:
    op.execute(PROPOSALS)
    op.execute(
        tenant_table("approval_proposals", runtime_role="pp_runtime", grants=("SELECT", "INSERT", DECISION))
    )


def downgrade() -> None:
    op.execute("DROP TABLE approval_proposals; DROP FUNCTION keep_decided();")
