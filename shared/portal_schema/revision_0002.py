"""What the second revision of both portals' vaults adds: credentials of platforms for posts, and their refreshes.

A credential is of one kind; a row of the other kind's settings has none of its own. Never edit after a
release: add a revision.
"""

from shared.migrations import append_only_table


def upgrade_sql(*, runtime_role: str) -> str:
    return f"""
    ALTER TABLE credentials
        ADD COLUMN kind text NOT NULL DEFAULT 'exchange' CHECK (kind IN ('exchange', 'platform')),
        ADD COLUMN posting_identity text,
        ADD COLUMN has_refresh_token boolean NOT NULL DEFAULT false,
        ADD COLUMN refreshing_until timestamptz,
        ALTER COLUMN default_coin DROP NOT NULL,
        ALTER COLUMN allowed_coins DROP NOT NULL,
        ALTER COLUMN max_units_per_order DROP NOT NULL,
        ADD CONSTRAINT credentials_settings CHECK (CASE kind
            WHEN 'exchange' THEN num_nulls(default_coin, allowed_coins, max_units_per_order) = 0
                AND num_nonnulls(posting_identity, refreshing_until) = 0 AND NOT has_refresh_token
            ELSE num_nonnulls(default_coin, allowed_coins, max_units_per_order, max_notional_inr) = 0 END);

    CREATE TABLE credential_refreshes (
        refresh_id uuid PRIMARY KEY,
        customer_id uuid NOT NULL,
        credential_ref uuid NOT NULL,
        version int NOT NULL,
        correlation_id uuid NOT NULL,
        outcome text NOT NULL CHECK (outcome IN ('applied', 'stale', 'invalid', 'credential_unavailable')),
        at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    CREATE INDEX credential_refreshes_customer ON credential_refreshes (customer_id, refresh_id DESC);
    {append_only_table("credential_refreshes", runtime_role=runtime_role)}
    """


def downgrade_sql() -> str:
    """Credentials of platforms are given up with it: the schema before has no place for them."""
    return """
    DROP TABLE credential_refreshes;
    ALTER TABLE credentials NO FORCE ROW LEVEL SECURITY;
    DELETE FROM credentials WHERE kind = 'platform';
    ALTER TABLE credentials FORCE ROW LEVEL SECURITY;
    ALTER TABLE credentials
        DROP CONSTRAINT credentials_settings,
        DROP COLUMN kind,
        DROP COLUMN posting_identity,
        DROP COLUMN has_refresh_token,
        DROP COLUMN refreshing_until,
        ALTER COLUMN default_coin SET NOT NULL,
        ALTER COLUMN allowed_coins SET NOT NULL,
        ALTER COLUMN max_units_per_order SET NOT NULL;
    """
