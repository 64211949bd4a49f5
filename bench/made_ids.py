"""Ids made from a kind and a number, so that pgbench can name rows of the same kind by counting."""

from enum import IntEnum
from uuid import UUID

LANE_SIZE = 1_000_000
ACCOUNTS_PER_LANE = 1_000
# The same in SQL, and a hash of a number.
SQL_FUNCTIONS = """
CREATE FUNCTION bench_id(kind bigint, number bigint) RETURNS uuid IMMUTABLE LANGUAGE sql
    AS $$ SELECT (lpad(to_hex(kind), 8, '0') || lpad(to_hex(number), 24, '0'))::uuid $$;
CREATE FUNCTION bench_hash(number bigint) RETURNS text IMMUTABLE LANGUAGE sql
    AS $$ SELECT 'sha256:' || encode(sha256(convert_to(number::text, 'UTF8')), 'hex') $$;
GRANT EXECUTE ON FUNCTION bench_id, bench_hash TO plant_runtime;
"""


class Kind(IntEnum):
    """The first number of a made id; unlisted ones from FRESH on are rows that a release itself makes."""

    CUSTOMER = 1
    ACCOUNT = 2
    DELIVERABLE = 3
    APPROVAL = 4
    PAST = 8
    FRESH = 16


def made_id(kind: int, number: int) -> UUID:
    return UUID(int=(kind << 96) | number)
