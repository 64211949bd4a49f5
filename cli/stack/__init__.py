"""The local stack: PostgreSQL, keys, migrations and all services, started and stopped together."""
