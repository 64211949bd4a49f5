"""Channels outside that customers are notified by, and what was delivered to each."""

from alembic import op

from shared.migrations import tenant_table

revision = "0004"
down_revision = "0003"

CHANNELS = """
CREATE TABLE notification_channels (
    channel_id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    version int NOT NULL DEFAULT 1,
    scheme text NOT NULL,
    url_last4 text NOT NULL,
    key_version text,
    wrapped_key bytea,
    ciphertext bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    CHECK ((deleted_at IS NULL) = (ciphertext IS NOT NULL)),
    CHECK ((ciphertext IS NULL) = (wrapped_key IS NULL) AND (ciphertext IS NULL) = (key_version IS NULL))
);
CREATE INDEX ON notification_channels (customer_id, channel_id DESC) WHERE deleted_at IS NULL;
CREATE TABLE notification_deliveries (
    delivery_id uuid PRIMARY KEY,
    notification_id uuid NOT NULL,
    channel_id uuid NOT NULL REFERENCES notification_channels,
    customer_id uuid NOT NULL,
    summary text NOT NULL,
    link text NOT NULL,
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'delivered', 'given_up')),
    attempts int NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    last_error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    settled_at timestamptz,
    UNIQUE (notification_id, channel_id)
);
CREATE INDEX ON notification_deliveries (channel_id, delivery_id DESC);
CREATE INDEX notification_deliveries_due ON notification_deliveries (next_attempt_at) WHERE state = 'queued';
"""


def upgrade() -> None:
    op.execute(CHANNELS)
    for table in ("notification_channels", "notification_deliveries"):
        op.execute(tenant_table(table, runtime_role="cp_runtime"))


def downgrade() -> None:
    op.execute("DROP TABLE notification_deliveries, notification_channels")
