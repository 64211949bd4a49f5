"""`countersign attack`: the ways that gates, vaults, runs and audits were bypassed elsewhere, tried on this stack."""
