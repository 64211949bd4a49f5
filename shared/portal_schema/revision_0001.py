"""The tables that both portals have, as of revision 0001; each portal's first migration runs this.

In CP an account is a customer, so accounts and sessions are customer data with row level security. In PP
they are operators, who are nobody's data. Never edit after a release: add a revision.
"""

from shared.migrations import append_only_table, tenant_table

_TABLES = (
    "outbox",
    "credential_bindings",
    "credential_releases",
    "credentials",
    "approvals",
    "sign_in_attempts",
    "sessions",
    "accounts",
)
_IS_THE_CUSTOMER = "customer_id uuid NOT NULL GENERATED ALWAYS AS (account_id) STORED,"


def upgrade_sql(*, runtime_role: str, accounts_are_customers: bool) -> str:
    return "\n".join(
        (
            _sign_in(runtime_role, accounts_are_customers=accounts_are_customers),
            _approvals(runtime_role),
            _vault(runtime_role),
            _outbox(runtime_role),
            "" if accounts_are_customers else _operator_actions(runtime_role),
        )
    )


def downgrade_sql(*, accounts_are_customers: bool) -> str:
    operators = () if accounts_are_customers else ("operator_actions",)
    return "".join(f"DROP TABLE {table};" for table in (*operators, *_TABLES))


def _sign_in(role: str, *, accounts_are_customers: bool) -> str:
    owner_column = _IS_THE_CUSTOMER if accounts_are_customers else ""
    access = [
        tenant_table(table, runtime_role=role)
        if accounts_are_customers
        else f"GRANT SELECT, INSERT, UPDATE ON {table} TO {role};"
        for table in ("accounts", "sessions")
    ]
    return f"""
    CREATE TABLE accounts (
        account_id uuid PRIMARY KEY,
        {owner_column}
        email text NOT NULL CHECK (length(email) <= 254),
        password_hash text NOT NULL,
        kind text NOT NULL CHECK (kind = '{"customer" if accounts_are_customers else "operator"}'),
        roles text[] NOT NULL DEFAULT '{{}}',
        created_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE UNIQUE INDEX accounts_email ON accounts (lower(email));

    CREATE TABLE sessions (
        session_id uuid PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES accounts,
        {owner_column}
        token_hash bytea NOT NULL UNIQUE,
        kind text NOT NULL CHECK (kind IN ('cookie', 'bearer')),
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        revoked_at timestamptz
    );

    CREATE TABLE sign_in_attempts (
        attempt_id uuid NOT NULL,
        subject bytea NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (attempt_id, subject)
    );
    CREATE INDEX sign_in_attempts_subject ON sign_in_attempts (subject, at);
    CREATE INDEX sign_in_attempts_at ON sign_in_attempts (at);
    GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_attempts TO {role};
    {"".join(access)}
    """


def _approvals(role: str) -> str:
    return f"""
    CREATE TABLE approvals (
        approval_id uuid PRIMARY KEY,
        customer_id uuid NOT NULL,
        deliverable_id uuid,
        action_hash text NOT NULL,
        action jsonb NOT NULL,
        approver jsonb NOT NULL,
        notes text,
        signed text NOT NULL,
        issued_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        execute_by timestamptz NOT NULL,
        delivered_at timestamptz,
        revoked_at timestamptz,
        revoked_reason text,
        settled_as text CHECK (settled_as IN ('consumed', 'expired'))
    );
    CREATE INDEX approvals_customer ON approvals (customer_id, approval_id DESC);
    CREATE INDEX approvals_deliverable ON approvals (deliverable_id) WHERE deliverable_id IS NOT NULL;
    {tenant_table("approvals", runtime_role=role)}
    """


def _vault(role: str) -> str:
    return f"""
    CREATE TABLE credentials (
        credential_ref uuid PRIMARY KEY,
        customer_id uuid NOT NULL,
        version int NOT NULL CHECK (version >= 1),
        provider text NOT NULL,
        api_key_last4 text NOT NULL,
        default_coin text NOT NULL,
        allowed_coins text[] NOT NULL,
        max_units_per_order numeric NOT NULL CHECK (max_units_per_order > 0),
        max_notional_inr numeric CHECK (max_notional_inr > 0),
        key_version text,
        wrapped_key bytea,
        ciphertext bytea,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        last_used_at timestamptz,
        deleted_at timestamptz,
        CHECK ((deleted_at IS NULL) = (ciphertext IS NOT NULL)),
        CHECK ((ciphertext IS NULL) = (wrapped_key IS NULL) AND (ciphertext IS NULL) = (key_version IS NULL))
    );
    CREATE INDEX credentials_customer ON credentials (customer_id, credential_ref DESC);
    CREATE INDEX credentials_key_version ON credentials (key_version) WHERE key_version IS NOT NULL;
    {tenant_table("credentials", runtime_role=role)}

    CREATE TABLE credential_releases (
        release_id uuid PRIMARY KEY,
        customer_id uuid NOT NULL,
        credential_ref uuid NOT NULL,
        purpose text NOT NULL,
        approval_id uuid,
        execution_id uuid,
        correlation_id uuid NOT NULL,
        granted boolean NOT NULL,
        reason text CHECK ((reason IS NULL) = granted),
        at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    CREATE INDEX credential_releases_customer ON credential_releases (customer_id, release_id DESC);
    {append_only_table("credential_releases", runtime_role=role)}

    CREATE TABLE credential_bindings (
        approval_id uuid PRIMARY KEY,
        customer_id uuid NOT NULL,
        execution_id uuid NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    {append_only_table("credential_bindings", runtime_role=role)}
    """


def _outbox(role: str) -> str:
    return f"""
    CREATE TABLE outbox (
        message_id uuid PRIMARY KEY,
        seq bigint GENERATED ALWAYS AS IDENTITY,
        customer_id uuid NOT NULL,
        correlation_id uuid NOT NULL,
        kind text NOT NULL,
        subject uuid NOT NULL,
        method text NOT NULL,
        path text NOT NULL,
        body jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        attempts int NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL,
        leased_until timestamptz,
        last_error text,
        delivered_at timestamptz,
        dead boolean NOT NULL DEFAULT false,
        answer jsonb,
        CHECK (NOT (dead AND delivered_at IS NOT NULL))
    );
    CREATE INDEX outbox_waiting ON outbox (next_attempt_at) WHERE delivered_at IS NULL AND NOT dead;
    CREATE INDEX outbox_given_up ON outbox (message_id) WHERE dead AND answer IS NULL;
    CREATE INDEX outbox_order ON outbox (subject, seq) WHERE delivered_at IS NULL AND NOT dead;
    {tenant_table("outbox", runtime_role=role)}
    """


def _operator_actions(role: str) -> str:
    return f"""
    CREATE TABLE operator_actions (
        operator_action_id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        roles text[] NOT NULL,
        method text NOT NULL,
        path text NOT NULL,
        query text NOT NULL,
        correlation_id uuid NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    GRANT SELECT, INSERT ON operator_actions TO {role};
    """
