"""The Mastodon dialect: statuses, kept for an hour by their Idempotency-Key."""
