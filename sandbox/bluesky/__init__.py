"""The Bluesky dialect: sessions, records in a repository, facets by bytes."""
