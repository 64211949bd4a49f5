"""The Delta Exchange India dialect: wire protocol, matching and account state of the imitated exchange."""
